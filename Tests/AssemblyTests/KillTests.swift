import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// A run is killed at every request and every state write, before it and after its effect; a new
/// run then puts things right.
@Suite struct KillTests {
    /// How many parts the moments are dealt to, so that the cores share the work.
    private static let parts = 8

    /// All of some 510 moments.
    @Test(arguments: 0..<parts) func aConvergeKilledAnywhereIsPutRight(part: Int) async throws {
        let scenario = KillScenario(
            goal: try .examples(), inventory: Repository.examplesInventory)
        try await kill(scenario, part, atEvery: 1)
    }

    /// Every machine restarts with another size, and a service goes: each third of some 310
    /// moments.
    @Test(arguments: 0..<parts) func anUpdateKilledAnywhereIsPutRight(part: Int) async throws {
        let examples = try Repository.examples()
        let old = ServiceSpec(
            name: "old", target: .proxmox,
            publicAccess: PublicAccess(hostname: "old.example.com", port: 80), guest: .lxc,
            data: DataVolume(gibibytes: 5))
        let scenario = KillScenario(
            start: examples.adding(old), goal: examples.with { $0.size = .named(.large) },
            inventory: Repository.examplesInventory)
        try await kill(scenario, part, atEvery: 3)
    }

    /// Each third of some 230 moments.
    @Test(arguments: 0..<parts) func aDestroyKilledAnywhereIsPutRight(part: Int) async throws {
        let examples = try Repository.examples()
        let scenario = KillScenario(
            start: examples, goal: Repository(project: examples.project, services: []),
            inventory: [:])
        try await kill(scenario, part, atEvery: 3)
    }

    /// - Parameter step: which moments are tried. An odd one meets those before an effect and
    ///   those after it alike.
    private func kill(_ scenario: KillScenario, _ part: Int, atEvery step: Int) async throws {
        let undisturbed = try await scenario.run(killAt: nil)
        var problems = undisturbed.problems
        let moments = stride(
            from: 1 + part * step, through: undisturbed.moments, by: Self.parts * step)
        for moment in moments {
            problems += try await scenario.run(killAt: moment).problems.map {
                "killed at moment \(moment): \($0)"
            }
        }
        #expect(problems == [])
        #expect(undisturbed.moments > 100)
    }
}
