/// A provider that can tell which objects of an account the specs may mean.
package protocol Discovering: Provider {
    /// What bears nobody's mark and is called like what is wanted. Changes nothing; O(pages).
    ///
    /// - Parameter desired: what is looked for; the provider's own kinds only.
    func lookalikes(of desired: [Resource]) async throws -> [Lookalike]
}

/// An object that may be what the specs want at an address.
package struct Lookalike: Hashable, Sendable {
    package let address: Address
    /// The provider's own identifier, as `adopt` takes it.
    package let id: String
    /// What it is called there.
    package let name: String

    package init(_ address: Address, id: String, name: String) {
        self.address = address
        self.id = id
        self.name = name
    }
}

/// An object that bears nobody's mark.
package struct Stranger: Sendable {
    package let id: String
    package let names: [String]

    package init(id: String, names: [String?]) {
        self.id = id
        self.names = names.compactMap(\.self)
    }

    /// Those of `strangers` that are called like their service, or as Launch would call them,
    /// in any case.
    ///
    /// - Parameter exactly: only what is called as Launch would call it.
    package static func lookalikes(
        among strangers: [Stranger], of desired: [Resource], exactly: Bool = false
    ) -> [Lookalike] {
        desired.flatMap { resource in
            let known = [resource["name"]?.string, exactly ? nil : resource.address.service]
                .compactMap { $0?.lowercased() }
            return strangers.compactMap { stranger in
                stranger.names.first { known.contains($0.lowercased()) }.map {
                    Lookalike(resource.address, id: stranger.id, name: $0)
                }
            }
        }
    }
}
