import Assembly
import Cryptography
import HTTP
import Planning
import Reconciling
import Resources
import SeedImage
import ServiceFiles
import Services
import Simulation
import TestSupport

/// The whole program in memory: real providers, engine and specs against the simulated world.
struct Fleet: Sendable {
    let world: SimulatedWorld
    let store: InMemoryStateStore
    let time: VirtualClock
    let random: SeededRandom

    init(
        _ time: VirtualClock, configuration: WorldConfiguration = WorldConfiguration(),
        killSwitch: @escaping @Sendable () -> KillSwitch = { KillSwitch() }
    ) {
        self.time = time
        random = SeededRandom(seed: 7)
        world = SimulatedWorld(
            configuration, time: time, random: random, digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        store = InMemoryStateStore(
            project: "example", time: time, random: random,
            terms: LeaseTerms(isProcessAlive: { _ in false }),
            beforeWrite: { try killSwitch().moment() }, afterWrite: { try killSwitch().moment() })
    }

    /// A new process: nothing of an earlier one is left but the world and the state.
    func workspace(
        _ repository: Repository, http: (any HTTPClient)? = nil,
        events: any EventSink = SilentEvents()
    ) -> Workspace {
        Workspace(
            repository, store: store,
            surroundings: Surroundings(
                http: http ?? world, time: time, random: random, environment: world.environment),
            events: events)
    }

    @discardableResult
    func converge(
        _ repository: Repository, services: Set<String>? = nil, http: (any HTTPClient)? = nil
    ) async throws -> RunReport {
        let workspace = workspace(repository, http: http)
        return try await workspace.reconciler.converge(
            workspace.goal(services, withData: true), claim: Self.claim
        ) { _ in }
    }

    func destroy(_ repository: Repository, http: (any HTTPClient)? = nil) async throws -> RunReport
    {
        let workspace = workspace(repository, http: http)
        return try await workspace.reconciler.converge(
            workspace.teardown(nil, withData: true), claim: Self.claim
        ) { _ in }
    }

    static let claim = LeaseClaim(
        holder: LeaseHolder(user: "u", host: "h", pid: 1, runURL: nil), purpose: "converge",
        patience: .seconds(600))
}

struct SilentEvents: EventSink {
    func emit(_ event: Event) {}
}

extension Repository {
    /// The repository's own example services.
    static func examples() throws -> Repository {
        try RepositoryReader(root: packageRoot, environment: [:]).read()
    }

    /// One service of every kind, with everything set that a spec can set.
    static let full = Repository(
        project: ProjectSpec(
            project: "example", domain: "example.com", repository: "example/services"),
        services: [
            ServiceSpec(
                name: "cloud", target: .aws, size: .named(.medium),
                publicAccess: PublicAccess(hostname: "cloud.example.com", port: 3080), port: 3080,
                secrets: ["KEY"], data: DataVolume(gibibytes: 20),
                ingress: [
                    IngressRule(port: 22, sources: ["10.0.0.0/8", "2001:db8::/32"]),
                    IngressRule(port: 53, sources: ["192.0.2.0/24"], transport: .udp),
                ]),
            ServiceSpec(
                name: "edge", target: .aws,
                publicAccess: PublicAccess(hostname: "edge.example.com", port: 443), port: 443,
                spot: true, exposure: .direct),
            ServiceSpec(
                name: "home", target: .proxmox,
                publicAccess: PublicAccess(hostname: "home.example.com", port: 8080), port: 8080,
                kind: .mcp, health: "/mcp", data: DataVolume(gibibytes: 10),
                ingress: [
                    IngressRule(port: 22, sources: ["10.0.0.0/8"]),
                    IngressRule(port: 8080, sources: ["10.1.0.0/16", "10.2.0.0/16"]),
                ]),
            ServiceSpec(
                name: "worker", target: .proxmox, kind: .worker, guest: .lxc,
                data: DataVolume(gibibytes: 5),
                ingress: [IngressRule(port: 9100, sources: ["10.0.0.0/8"])]),
        ])
}
