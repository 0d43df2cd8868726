import Reconciling
package import Resources
package import ServiceFiles
import Services

/// What was taken into the specs and the state.
package struct Accepted: Hashable, Sendable {
    /// The objects that were not as they were left.
    package let addresses: [Address]
    /// Those that there was nothing to accept of.
    package let others: [Address]
    /// What is other in the specs' files.
    package let edits: [String]
}

extension Workspace {
    /// Takes what is real at `addresses` into the specs' files and the state, all of it or
    /// nothing; changes nothing in the world.
    ///
    /// - Throws: `AcceptanceRefused`, `UneditableSpec`, `AcceptanceUnrecorded` after the files were
    ///   written; `ProviderError`, `StateError`.
    package func accept(
        _ addresses: Set<Address>, editing editor: RepositoryEditor, claim: LeaseClaim
    ) async throws -> Accepted {
        let services = Set(addresses.map(\.service))
        let specs = repository.services.filter { services.contains($0.name) }
        try await refuseStrangers(among: addresses, known: Set(specs.map(\.name)))
        var edited: [EditedSpec] = []
        let providers = providers
        let acceptances = try await reconciler.accept(
            addresses, of: specs, claim: claim, goal: { goal(of: $0, providers) }
        ) { acceptances in
            edited = try editor.edited(repository, to: acceptances.map(\.after))
            for file in edited { try editor.write(file) }
        }
        let accepted = Set(acceptances.flatMap(\.addresses))
        return Accepted(
            addresses: accepted.sorted(), others: addresses.subtracting(accepted).sorted(),
            edits: edited.flatMap(\.edits))
    }

    /// What just these specs want, each field with its key alone.
    private func goal(of specs: [ServiceSpec], _ providers: Set<ProviderName>) -> Goal {
        Goal(
            project: repository.project.project,
            desired: Self.blueprints.resources(
                for: specs.map(\.withoutPlaces), in: repository.project),
            services: Set(specs.map(\.name)), providers: providers,
            exemptions: repository.project.exemptions)
    }

    /// - Throws: `AcceptanceRefused` with the addresses that are of no service.
    private func refuseStrangers(
        among addresses: Set<Address>, known services: Set<String>
    ) async throws {
        let strangers = addresses.filter { !services.contains($0.service) }.sorted()
        guard !strangers.isEmpty else { return }
        let recorded = Set(try await store.read().resources.keys)
        let known = recorded.union(goal().desired.map(\.address)).map(\.description)
        throw AcceptanceRefused(
            strangers.map { address in
                let nearest = nearestMatch(to: address.description, among: known)
                if address.service == Address.projectWide { return .init(address, .projectWide) }
                return .init(
                    address, recorded.contains(address) ? .unwanted : .unknown(nearest: nearest))
            })
    }
}
