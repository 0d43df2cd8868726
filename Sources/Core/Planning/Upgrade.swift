package import Resources

/// Something newer than what an object was made from: it stays as it is until somebody asks, or
/// another change replaces it.
package struct Upgrade: Hashable, Sendable {
    package let address: Address
    /// What the replacement would be made from: an image's id.
    package let offered: String

    package init(_ address: Address, offered: String) {
        self.address = address
        self.offered = offered
    }
}

extension Plan {
    /// What is offered to objects that stay.
    static func upgrades(after changes: [Change], _ kinds: KindCatalogue) -> [Upgrade] {
        changes.filter { $0.desired != nil && !$0.removesObject }.compactMap { change in
            kinds.kind(of: change.address).offer.flatMap { change.observed?[$0.field.name]?.string }
                .map { Upgrade(change.address, offered: $0) }
        }
    }
}
