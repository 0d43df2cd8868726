import Assembly
import Cryptography
import HTTP
import Journal
import Planning
import Reconciling
import Resources
import Rollout
import SeedImage
import ServiceFiles
import Services
import Simulation
import TestSupport

/// The whole program in memory: real providers, engine and specs against the simulated world.
struct Fleet: Sendable {
    let world: SimulatedWorld
    /// What the state store keeps.
    private(set) var objects: InMemoryObjects
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
        let moment: InMemoryObjects.Hook = { _ in try killSwitch().moment() }
        objects = InMemoryObjects(beforeWrite: moment, afterWrite: moment)
    }

    /// The store as a new process has it.
    var store: any StateStore {
        JournalStore.inMemory(
            objects, project: "example", digests: OpenSSLDigests(),
            terms: LeaseTerms(isProcessAlive: { _ in false }), time: time, random: random)
    }

    /// The same world, with its state gone.
    func withoutState() -> Fleet {
        var fleet = self
        fleet.objects = InMemoryObjects()
        return fleet
    }

    @discardableResult
    func rebuild(
        _ repository: Repository, force: Bool = false, http: (any HTTPClient)? = nil
    ) async throws -> StateRebuild {
        let workspace = workspace(repository, http: http)
        return try await workspace.reconciler.rebuild(
            workspace.rebuildGoal(), force: force, claim: Self.claim
        ) { _ in }
    }

    /// A new process: nothing of an earlier one is left but the world and the state.
    func workspace(
        _ repository: Repository, http: (any HTTPClient)? = nil,
        events: any EventSink = SilentEvents(), _ variables: [String: String] = [:]
    ) -> Workspace {
        Workspace(
            repository, store: store,
            surroundings: Surroundings(
                http: http ?? world, time: time, random: random,
                environment: world.environment.merging(variables) { $1 }),
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

    /// Follows services to their last stage.
    func wait(
        _ repository: Repository, services: Set<String>? = nil, http: (any HTTPClient)? = nil,
        events: any EventSink = SilentEvents()
    ) async throws -> [RolloutResult] {
        try await workspace(repository, http: http, events: events).follow(
            services, claim: Self.claim)
    }

    /// Has services deployed, as a push does.
    func push(_ services: String...) {
        world.locked {
            $0.github?.actions(of: "example/services")?.deploy(
                services, environment: "production", event: "push")
        }
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
