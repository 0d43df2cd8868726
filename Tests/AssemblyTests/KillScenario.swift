import HTTP
import Reconciling
import Resources
import ServiceFiles
import Simulation
import Synchronization
import TestSupport

/// From one repository to another, with a kill on the way.
struct KillScenario: Sendable {
    /// Converged before, without any kill.
    var start: Repository?
    let goal: Repository
    /// What there is when the goal is reached.
    let inventory: [String: Int]

    struct Outcome: Sendable {
        /// How many moments the run had at which it can be killed.
        let moments: Int
        let problems: [String]
    }

    /// Runs, is killed, and runs again in a new process.
    func run(killAt moment: Int?) async throws -> Outcome {
        try await withVirtualTime { clock in
            let holder = SwitchHolder(KillSwitch())
            let fleet = Fleet(clock) { holder.value }
            if let start { try await fleet.converge(start) }

            holder.value = KillSwitch(at: moment)
            _ = try? await fleet.converge(
                goal, http: MortalHTTPClient(fleet.world) { holder.value })
            let moments = holder.value.moments
            holder.value = KillSwitch()

            var problems = try await fleet.converge(goal).failures.map(\.message)
            if fleet.world.inventory != inventory {
                problems.append("there is \(fleet.world.inventory)")
            }
            problems += try await fleet.shortfalls(of: goal)
            return Outcome(moments: moments, problems: problems)
        }
    }
}

/// The switch that is in force.
final class SwitchHolder: Sendable {
    private let current: Mutex<KillSwitch>

    init(_ killSwitch: KillSwitch) { current = Mutex(killSwitch) }

    var value: KillSwitch {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

/// Passes the switch before each request has an effect, and before its answer is heard.
struct MortalHTTPClient: HTTPClient {
    private let base: any HTTPClient
    private let killSwitch: @Sendable () -> KillSwitch

    init(_ base: any HTTPClient, _ killSwitch: @escaping @Sendable () -> KillSwitch) {
        self.base = base
        self.killSwitch = killSwitch
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try killSwitch().moment()
        let response = try await base.send(request)
        try killSwitch().moment()
        return response
    }
}
