import Cryptography
import Foundation
import GitHub
import HTTP
import Resources
import Simulation
import TestSupport

/// A simulated world with one repository, and providers for it.
struct GitHubFixture: Sendable {
    static let repository = "example/services"
    static let scope = Scope(project: "acme")
    static let key = IdempotencyKey("key")

    let world: SimulatedWorld
    let clock: VirtualClock

    init(_ clock: VirtualClock, pageSize: Int? = nil, server: String? = nil) {
        self.clock = clock
        var configuration = WorldConfiguration()
        configuration.pageSize = pageSize
        configuration.enterpriseServer = server
        world = SimulatedWorld(
            configuration, time: clock, random: SeededRandom(seed: 7), digests: OpenSSLDigests(),
            readSeedImage: { _ in [:] })
    }

    func provider(
        repository: String? = repository, _ overrides: [String: String] = [:],
        patience: Duration = .seconds(900), jobPatience: Duration = .seconds(600),
        environments: Set<String> = [],
        through wrap: (any HTTPClient) -> any HTTPClient = { $0 }
    ) -> GitHubProvider {
        GitHubProvider(
            repository: repository,
            environment: world.environment.merging(overrides) { _, new in new },
            client: wrap(document.map { OpenAPIChecker(world, against: $0) } ?? world),
            time: clock, random: SeededRandom(seed: 1),
            sign: { RSASignature.sign($0, with: $1) }, seal: { SealedBox.seal($0, to: $1) },
            patience: patience, jobPatience: jobPatience, environments: environments)
    }

    /// Looks at the repository's runners, or changes them behind Launch's back.
    @discardableResult
    func runners<Result>(_ body: (SimulatedRunners) -> Result) -> Result? {
        world.locked { $0.github?.runners(of: Self.repository).map(body) }
    }

    /// The same for its Actions secrets.
    @discardableResult
    func secrets<Result>(_ body: (SimulatedSecrets) -> Result) -> Result? {
        world.locked { $0.github?.secrets(of: Self.repository).map(body) }
    }

    /// GitHub's API description, where it lies beside the package.
    static let document = description(below: "")
    private static let enterpriseDocument = description(below: "/api/v3")

    private static func description(below path: String) -> OpenAPIDocument? {
        SharedData.file("github-openapi.json").flatMap {
            try? OpenAPIDocument($0, basePath: path, allowing: .github)
        }
    }

    private var document: OpenAPIDocument? {
        world.environment["GITHUB_API_URL"] == nil ? Self.document : Self.enterpriseDocument
    }

    static func runner(
        _ service: String = "web", labels: [Value] = ["web", "production"],
        isEphemeral: Bool = false
    ) -> Resource {
        Resource(
            Address(service: service, kind: KindName(.github, "runner")),
            attributes: [
                "name": .string("launch-acme-\(service)"), "labels": .list(labels),
                "online": true, "ephemeral": .boolean(isEphemeral), "machine": "i-1",
            ])
    }
}
