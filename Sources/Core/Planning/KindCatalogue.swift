package import Resources

/// Every kind of every provider, by name.
package struct KindCatalogue: Sendable {
    private let kinds: [KindName: ResourceKind]
    private let dependents: [KindName: Set<KindName>]

    package init(_ kinds: [ResourceKind]) {
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }) { first, _ in first }
        dependents = kinds.reduce(into: [:]) { dependents, kind in
            for required in kind.requires { dependents[required, default: []].insert(kind.name) }
        }
    }

    package subscript(_ name: KindName) -> ResourceKind? { kinds[name] }

    /// True when an object of `kind` may refer to one of `other`.
    func kind(_ kind: KindName, mayRequire other: KindName) -> Bool {
        dependents[other]?.contains(kind) ?? false
    }

    /// The kind of `address`; a kind that nobody declares has no fields.
    func kind(of address: Address) -> ResourceKind {
        kinds[address.kind]
            ?? ResourceKind(address.kind, title: address.kind.description, fields: [])
    }
}
