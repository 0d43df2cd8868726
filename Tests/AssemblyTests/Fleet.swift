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

    init(_ time: VirtualClock, configuration: WorldConfiguration = WorldConfiguration()) {
        self.time = time
        random = SeededRandom(seed: 7)
        world = SimulatedWorld(
            configuration, time: time, random: random, digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        store = InMemoryStateStore(
            project: "example", time: time, random: random,
            terms: LeaseTerms(isProcessAlive: { _ in false }))
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

    /// What is not as `repository` wants it, as sentences; nothing when a converge has reached it.
    func shortfalls(of repository: Repository) async throws -> [String] {
        let workspace = workspace(repository)
        let plan = try await workspace.reconciler.plan(workspace.goal(withData: true))
        let drift = try await workspace.reconciler.drift(workspace.goal())
        return plan.effective.map { "planned: \($0.action) \($0.address): \($0.reason)" }
            + plan.bootsToFinish.map { "planned: finish the boot of \($0)" }
            + drift.findings.map(\.summary)
            + (try await store.read().intents.map { "open: \($0.action) \($0.address)" })
    }

    static let claim = LeaseClaim(
        holder: LeaseHolder(user: "u", host: "h", pid: 1, runURL: nil), purpose: "converge",
        patience: .seconds(600))
}

struct SilentEvents: EventSink {
    func emit(_ event: Event) {}
}

extension DriftFinding {
    /// `web/aws.instance changed running`
    var summary: String {
        ([address.description, kind.rawValue] + fields.map(\.path)).joined(separator: " ")
    }
}
