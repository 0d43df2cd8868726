import GitHub
import HTTP
import Resources
package import ServiceFiles
package import Services

/// Hands ephemeral runners what they register with after their next job.
///
/// It writes neither the state nor anything that the state tells of, so it needs no lease: whoever
/// comes last leaves a token as good as any other.
package struct RunnerRenewal: Sendable {
    private let repository: Repository
    private let shelf: ProviderShelf

    package init(_ repository: Repository, surroundings: Surroundings) {
        self.repository = repository
        shelf = ProviderShelf(
            repository, surroundings: surroundings, meter: RequestMeter(),
            progress: SilentProgress())
    }

    /// - Returns: false for a service whose runner stays: nothing is done.
    /// - Throws: `ProviderError`
    package func renew(_ service: ServiceSpec) async throws -> Bool {
        let wanted = GitHubBlueprint().resources(for: service, in: repository.project)
        let address = ServiceSecret.runnerToken.address(in: service.name)
        guard let secret = wanted.first(where: { $0.address == address }),
            let provider = try shelf.provider(.github) as? GitHubProvider
        else { return false }
        try await provider.renew(secret)
        return true
    }
}
