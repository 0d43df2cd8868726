import Reconciling
package import Resources

extension Workspace {
    /// Takes over an object that exists, as what the specs want at `address`: marks it, and
    /// changes nothing else of it.
    ///
    /// - Throws: `ProviderError`, `StateError` when the service is locked.
    package func adopt(_ id: String, as address: Address, claim: LeaseClaim) async throws {
        guard let desired = goal([address.service]).desired.first(where: { $0.address == address })
        else {
            throw ProviderError(
                .notFound, provider: address.kind.provider, address: address,
                action: "adopt \(id)", detail: "the specs want no such object",
                remedy: "Name an address that `launch plan` shows as new.")
        }
        let provider = try shelf.provider(address.kind.provider)
        try await store.exclusively([address.service], claim: claim) { writer in
            try await writer.fencing(address.service) {
                try await provider.adopt(id, as: desired)
            }
            try await reconciler.takeBack(address, writer)
        }
    }

    /// Objects that are nobody's and that the specs may mean: they are called like what is wanted
    /// and not there yet. Changes nothing.
    ///
    /// - Parameter services: `nil` is all.
    /// - Throws: `ProviderError`, `StateError`.
    package func lookalikes(of services: Set<String>?) async throws -> [Lookalike] {
        let goal = goal(services)
        let recorded = try await store.read().resources.values.filter {
            services?.contains($0.address.service) ?? true
        }
        let scope = Scope(
            project: goal.project, services: services, recorded: recorded,
            expected: Set(goal.desired.map(\.address)))
        let wanted = Dictionary(grouping: goal.desired, by: \.address.kind.provider)
        return try await wanted.sorted { $0.key < $1.key }.concurrentMap { name, desired in
            let provider = try shelf.provider(name)
            let owned = Set(try await provider.observe(scope).map(\.address))
            return try await provider.lookalikes(
                of: desired.filter { !owned.contains($0.address) })
        }.flatMap(\.self)
    }
}
