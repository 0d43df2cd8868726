package import Resources

/// Something that is paid for as long as it is there.
package struct BilledItem: Hashable, Sendable {
    /// What price tables call it: `ec2.t3.small`, `ebs.gp3`.
    package let name: String
    package let quantity: Int
    /// For an item of varying price, the one of fixed price that it never costs more than.
    package let ceiling: String?

    package init(_ name: String, quantity: Int = 1, ceiling: String? = nil) {
        self.name = name
        self.quantity = quantity
        self.ceiling = ceiling
    }
}

/// Says what of a vendor's objects is paid for. Pure: asks nobody.
package protocol Billing: Sendable {
    /// - Parameter attributes: the object's; one that is absent is not known, `.null` is none.
    func items(of kind: KindName, _ attributes: [String: Value]) -> [BilledItem]
}
