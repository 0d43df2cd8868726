package import HTTP
package import Resources

/// The self-hosted runners of a repository, and the tokens with which machines register them.
package struct GitHubProvider: Provider, EphemeralSource {
    package let name = ProviderName.github
    package static let kinds: [ResourceKind] = [.githubRunner, .githubSecret]
    package var kinds: [ResourceKind] { Self.kinds }
    /// Mostly waiting for machines; writes are a second apart in any case.
    package let parallelism = 32

    /// `nil` when no repository is known: then nothing is observed and nothing can be made.
    let runners: Runners?
    let secrets: ActionsSecrets?
    private let tokens: RegistrationTokens
    private let archives: RunnerArchives

    /// - Parameters:
    ///   - repository: `owner/name`; by default `GITHUB_REPOSITORY`.
    ///   - environment: `GITHUB_TOKEN`, or `LAUNCH_GITHUB_APP_ID` and `LAUNCH_GITHUB_APP_KEY`;
    ///     `GITHUB_API_URL`, `GITHUB_REPOSITORY`.
    ///   - sign: for an App's identity.
    ///   - seal: for the values of secrets.
    ///   - patience: how long a runner may take from its machine's creation to being online.
    ///   - jobPatience: how long a deletion waits for the runner's job.
    ///   - environments: those of the services whose runners are ephemeral.
    package init(
        repository: String?, environment: [String: String], client: any HTTPClient,
        time: any TimeSource, random: any RandomSource, sign: @escaping RSASigning,
        seal: @escaping Sealing,
        progress: any ProgressSink = SilentProgress(), retries: RetryPolicy = .standard,
        patience: Duration = .seconds(900), jobPatience: Duration = .seconds(600),
        environments: Set<String> = []
    ) {
        let setting = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let repository = repository ?? setting("GITHUB_REPOSITORY")
        let credential = GitHubCredential(environment: environment) { app in
            AppInstallation(app, repository: repository, time: time, sign: sign)
        }
        let api = GitHubAPI(
            environment: environment, credential: credential, client: client, time: time,
            random: random, policy: retries)
        tokens = RegistrationTokens(api, time: time)
        archives = RunnerArchives(api)
        runners = repository.map { repository in
            Runners(
                api: api, repository: repository, time: time, progress: progress,
                patience: patience, jobPatience: jobPatience)
        }
        secrets = repository.map {
            ActionsSecrets(api: api, repository: $0, environments: environments, seal: seal)
        }
    }

    package func observe(_ scope: Scope) async throws -> [ObservedResource] {
        async let kept = secrets?.observe(scope) ?? []
        let found = try await runners?.observe(scope) ?? []
        return try await kept + found
    }

    package func create(
        _ desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        switch desired.address.kind {
        case ActionsSecrets.kind: try await known(secrets, desired.address).write(desired)
        default: try await known(runners, desired.address).bringOnline(desired)
        }
    }

    package func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        switch desired.address.kind {
        case ActionsSecrets.kind: try await known(secrets, desired.address).write(desired)
        default:
            try await known(runners, desired.address)
                .bringOnline(desired, action: "update the runner")
        }
    }

    package func delete(_ observed: ObservedResource) async throws {
        switch observed.address.kind {
        case ActionsSecrets.kind: try await known(secrets, observed.address).delete(observed)
        default: try await known(runners, observed.address).delete(observed)
        }
    }

    /// What machines are made with: `github.registration_token`, its expiry, and the newest
    /// runner.
    package func secret(for ephemeral: Ephemeral) async throws -> Secret {
        let address = Address(service: ephemeral.service, kind: Runners.kind)
        let purpose = Purpose(
            action: "obtain \(ephemeral.name)", address: address,
            repository: try known(runners, address).repository)
        return try await purpose.run {
            switch ephemeral.name {
            case "github.registration_token": try await tokens.token(for: purpose).secret
            case "github.registration_token_expiry":
                Secret(try await tokens.token(for: purpose).expiry.timestamp)
            case "github.runner_archives": Secret(try await archives.offer(for: purpose).words)
            case "github.runner_version": Secret(try await archives.offer(for: purpose).version)
            default: throw purpose.error(.invalid, "GitHub has no secret of that name")
            }
        }
    }

    /// Writes a token made just now into a secret, in place of what it holds.
    package func renew(_ desired: Resource) async throws {
        let verbs = try known(secrets, desired.address)
        let purpose = Purpose(
            action: "obtain a registration token", address: desired.address,
            repository: verbs.repository)
        let token = try await purpose.run { try await tokens.freshToken(for: purpose) }
        var full = desired
        full.attributes["value"] = .secret(token.secret)
        _ = try await verbs.write(full)
    }

    func known<Verbs>(_ verbs: Verbs?, _ address: Address) throws -> Verbs {
        if let verbs { return verbs }
        throw ProviderError(
            .invalid, provider: .github, address: address, action: "reach the repository",
            detail: "no repository is set",
            remedy: "Set `repository: owner/name` in launch.yaml.")
    }
}
