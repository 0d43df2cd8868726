import Planning
import Reconciling
import Assembly
import HTTP
import Resources
import ServiceFiles
import Simulation
import Synchronization
import TestSupport
import Testing

/// The demo's converge is killed at every request and every state write, before it, and after
/// its effect; a new run then puts things right.
@Suite struct KillTests {
    /// How many parts the moments are dealt to, so that the cores share the work.
    static let parts = 8

    @Test(arguments: 0..<parts) func aKillAnywhereIsPutRight(part: Int) async throws {
        let repository = try Repository.examples()
        let moments = try await run(repository, killAt: nil)
        #expect(moments > 200)
        for moment in stride(from: part + 1, through: moments, by: Self.parts) {
            _ = try await run(repository, killAt: moment)
        }
    }

    /// - Returns: how many moments the run had.
    private func run(_ repository: Repository, killAt moment: Int?) async throws -> Int {
        try await withVirtualTime { clock in
            let holder = SwitchHolder(KillSwitch(at: moment))
            let fleet = Fleet(clock) { holder.value }
            _ = try? await fleet.converge(
                repository, http: MortalHTTPClient(fleet.world) { holder.value })
            let moments = holder.value.moments
            holder.value = KillSwitch()

            let context: Comment = "killed at moment \(moment ?? 0)"
            let repair = try await fleet.converge(repository)
            #expect(repair.failures == [], context)
            #expect(fleet.world.inventory == Self.whole, context)
            #expect(try await fleet.store.read().intents == [], context)

            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            #expect(plan.effective.map { "\($0.address) \($0.reason)" } == [], context)
            #expect(plan.isEmpty, context)
            return moments
        }
    }

    /// One of everything that the examples need; an instance has a root volume of its own.
    private static let whole = [
        "ec2 instance": 1, "ec2 security group": 1, "ec2 volume": 2, "proxmox vm": 1,
        "proxmox container": 1, "cloudflare tunnel": 2, "cloudflare dns record": 2,
        "github runner": 3,
    ]
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
