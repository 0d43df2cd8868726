package import HTTP
package import Resources

/// The self-hosted runners of a repository, and the tokens with which machines register them.
package struct GitHubProvider: Provider, EphemeralSource {
    package let name = ProviderName.github
    package static let kinds: [ResourceKind] = [.githubRunner]
    package var kinds: [ResourceKind] { Self.kinds }
    /// Mostly waiting for machines; writes are a second apart in any case.
    package let parallelism = 32

    /// `nil` when no repository is known: then nothing is observed and nothing can be made.
    let runners: Runners?
    private let tokens: RegistrationTokens

    /// - Parameters:
    ///   - repository: `owner/name`; by default `GITHUB_REPOSITORY`.
    ///   - environment: `GITHUB_TOKEN`, `GITHUB_API_URL`, `GITHUB_REPOSITORY`.
    ///   - patience: how long a runner may take from its machine's creation to being online.
    ///   - jobPatience: how long a deletion waits for the runner's job.
    package init(
        repository: String?, environment: [String: String], client: any HTTPClient,
        time: any TimeSource, random: any RandomSource,
        progress: any ProgressSink = SilentProgress(), retries: RetryPolicy = .standard,
        patience: Duration = .seconds(900), jobPatience: Duration = .seconds(600)
    ) {
        let setting = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let api = GitHubAPI(
            environment: environment, client: client, time: time, random: random, policy: retries)
        tokens = RegistrationTokens(api, time: time)
        runners = (repository ?? setting("GITHUB_REPOSITORY")).map { repository in
            Runners(
                api: api, repository: repository, time: time, progress: progress,
                patience: patience, jobPatience: jobPatience)
        }
    }

    package func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await runners?.observe(scope) ?? []
    }

    package func create(
        _ desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        try await known(desired.address).bringOnline(desired)
    }

    package func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await known(desired.address).bringOnline(desired, action: "update the runner")
    }

    package func delete(_ observed: ObservedResource) async throws {
        try await known(observed.address).delete(observed)
    }

    /// The one secret it knows is `github.registration_token`.
    package func secret(for ephemeral: Ephemeral) async throws -> Secret {
        let address = Address(service: ephemeral.service, kind: Runners.kind)
        let purpose = Purpose(
            action: "obtain \(ephemeral.name)", address: address,
            repository: try known(address).repository)
        guard ephemeral.name == "github.registration_token" else {
            throw purpose.error(.invalid, "GitHub has no secret of that name")
        }
        return try await purpose.run { try await tokens.secret(for: purpose) }
    }

    private func known(_ address: Address) throws -> Runners {
        if let runners { return runners }
        throw ProviderError(
            .invalid, provider: .github, address: address, action: "reach the repository",
            detail: "no repository is set",
            remedy: "Set `repository: owner/name` in launch.yaml.")
    }
}
