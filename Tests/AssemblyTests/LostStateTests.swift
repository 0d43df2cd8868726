import Reconciling
import ServiceFiles
import Simulation
import TestSupport
import Testing

/// A run is killed and its state lost on top: the marks of what was half made are enough.
@Suite struct LostStateTests {
    private static let parts = 4

    /// How long a Proxmox task takes; some that the killed run began still go on.
    private static let taskTimes = [Duration.seconds(3), .seconds(90)]

    /// Each thirteenth of some 510 moments.
    @Test(arguments: taskTimes, 0..<parts)
    func aHalfMadeWorldIsFinished(taskTime: Duration, part: Int) async throws {
        let repository = try Repository.examples()
        var problems: [String] = []
        for moment in stride(from: 1 + 13 * part, through: 500, by: 13 * Self.parts) {
            problems += try await outcome(of: repository, taskTime, killAt: moment).map {
                "killed at moment \(moment): \($0)"
            }
        }
        #expect(problems == [])
    }

    private func outcome(
        of repository: Repository, _ taskTime: Duration, killAt moment: Int
    ) async throws -> [String] {
        try await withVirtualTime { clock in
            let holder = SwitchHolder(KillSwitch(at: moment))
            var configuration = WorldConfiguration()
            configuration.taskTime = taskTime
            let fleet = Fleet(clock, configuration: configuration) { holder.value }
            _ = try? await fleet.converge(
                repository, http: SwitchedHTTPClient(fleet.world, holder))

            let bereft = fleet.withoutState()
            let client = ReadOnlyClient(fleet.world)
            try await bereft.rebuild(repository, http: client)
            var problems = client.changes
            problems += try await bereft.converge(repository).failures.map(\.message)
            if fleet.world.inventory != Repository.examplesInventory {
                problems.append("there is \(fleet.world.inventory)")
            }
            return problems + (try await bereft.shortfalls(of: repository))
        }
    }
}
