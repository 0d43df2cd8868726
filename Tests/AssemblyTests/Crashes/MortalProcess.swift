import Assembly
import HTTP
import Planning
import Reconciling
import Resources
import ServiceFiles
import Simulation
import Synchronization
import TestSupport

/// One run of the whole program, which a switch may end.
struct MortalProcess: Sendable {
    /// What tells one process from another.
    struct Identity: Sendable {
        let number: Int
        let random: SeededRandom
        let killSwitch: KillSwitch

        /// Every other process of the host is dead.
        var leaseTerms: LeaseTerms { LeaseTerms { [number] in $0 == number } }
    }

    let store: any StateStore
    let calls = ChangeCount()
    let events = PlanRecorder()
    private let identity: Identity
    private let surroundings: Surroundings

    var killSwitch: KillSwitch { identity.killSwitch }

    init(
        _ identity: Identity, world: SimulatedWorld, time: VirtualClock, store: any StateStore
    ) {
        self.identity = identity
        self.store = store
        surroundings = Surroundings(
            http: MortalHTTPClient(world, identity.killSwitch, time, calls), time: time,
            random: identity.random, environment: world.environment)
    }

    func workspace(_ repository: Repository) -> Workspace {
        Workspace(repository, store: store, surroundings: surroundings, events: events)
    }

    @discardableResult
    func converge(
        _ repository: Repository, services: Set<String>? = nil, withData: Bool = true
    ) async throws -> RunReport {
        let workspace = workspace(repository)
        let claim = LeaseClaim(
            holder: LeaseHolder(user: "u", host: "h", pid: identity.number, runURL: nil),
            purpose: "converge", patience: .zero)
        return try await workspace.reconciler.converge(
            workspace.goal(services, withData: withData), claim: claim
        ) { _ in }
    }
}

/// Counts the requests that change something.
final class ChangeCount: Sendable {
    private let counted = Mutex(0)

    var value: Int { counted.withLock { $0 } }

    func add(_ request: HTTPRequest) {
        if request.changesSomething { counted.withLock { $0 += 1 } }
    }
}

/// Keeps the first plan of a run.
final class PlanRecorder: EventSink {
    private let plan = Mutex<Plan?>(nil)

    var first: Plan? { plan.withLock { $0 } }

    func emit(_ event: Event) {
        guard case .planReady(let ready) = event else { return }
        plan.withLock { $0 = $0 ?? ready }
    }
}
