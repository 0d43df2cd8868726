/// One object as the specs want it.
package struct Resource: Hashable, Sendable {
    package let address: Address
    /// Only what is wanted: an attribute that is absent here is left to the provider.
    package var attributes: [String: Value]
    /// What must exist first although no attribute refers to it.
    package let dependencies: Set<Address>
    /// An attribute of another object: without a value of it this one is not wanted.
    package let condition: Reference?
    /// The spec's key behind an attribute, when it is not of the same name: `cpu` ← `size`.
    package var origins: [String: Origin]
    /// The file whose spec wants it, relative to the repository; `nil` when no file says so.
    package var file: String?

    package init(
        _ address: Address, attributes: [String: Value], dependencies: Set<Address> = [],
        condition: Reference? = nil, origins: [String: Origin] = [:]
    ) {
        self.address = address
        self.attributes = attributes
        self.dependencies = dependencies
        self.condition = condition
        self.origins = origins
    }

    package subscript(_ attribute: String) -> Value? { attributes[attribute] }

    /// Everything that must exist before this can.
    package var requirements: Set<Address> {
        dependencies.union(attributes.values.flatMap(\.references).map(\.address))
    }
}

/// One object as it really is.
package struct ObservedResource: Hashable, Sendable {
    package let address: Address
    /// The provider's own identifier: `i-0abc`, `200`, a record's id.
    package let id: String
    /// Every declared field that the provider shows, in canonical form.
    package var attributes: [String: Value]

    package init(_ address: Address, id: String, attributes: [String: Value]) {
        self.address = address
        self.id = id
        self.attributes = attributes
    }

    package subscript(_ attribute: String) -> Value? { attributes[attribute] }
}

/// Where to look.
package struct Scope: Hashable, Sendable {
    package let project: String
    /// The services looked at; `nil` means every one that bears the project's mark.
    package let services: Set<String>?
    /// What the state already knows, to follow objects whose mark was taken off by a stranger.
    package let recorded: [RecordedResource]
    /// What the specs want and what an earlier run began to make.
    package let expected: Set<Address>

    package init(
        project: String, services: Set<String>? = nil, recorded: [RecordedResource] = [],
        expected: Set<Address> = []
    ) {
        self.project = project
        self.services = services
        self.recorded = recorded
        self.expected = expected
    }

    /// True when an object of that kind may be there: for kinds that are looked for by
    /// themselves, and not in every project.
    package func mayHold(_ kind: KindName) -> Bool {
        expected.contains { $0.kind == kind } || recorded.contains { $0.address.kind == kind }
    }

    package func includes(_ service: String) -> Bool { services?.contains(service) ?? true }
}
