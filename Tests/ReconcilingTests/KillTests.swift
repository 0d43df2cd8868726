import Reconciling
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

/// A kill at every moment of a run, each followed by a run that puts things right.
@Suite struct KillTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: Goal?
        let goal: Goal
        let objects: Int
    }

    static let scenarios = [
        Scenario(testDescription: "create", before: nil, goal: gardenGoal(), objects: 6),
        Scenario(
            testDescription: "update", before: gardenGoal(), goal: gardenGoal(height: 12),
            objects: 6),
        Scenario(
            testDescription: "replace", before: gardenGoal(), goal: gardenGoal(soil: "sand"),
            objects: 6),
        Scenario(
            testDescription: "delete", before: gardenGoal(), goal: gardenGoal(wanted: []),
            objects: 0),
        Scenario(
            testDescription: "mixed", before: gardenGoal(wanted: ["web"]),
            goal: gardenGoal(soil: "sand", wanted: ["worker"]), objects: 3),
    ]

    @Test(arguments: scenarios) func aKillIsPutRight(_ scenario: Scenario) async throws {
        let moments = try await run(scenario, killAt: nil)
        #expect(moments > 10)
        for moment in 1...moments { _ = try await run(scenario, killAt: moment) }
    }

    /// - Returns: how many moments the run had.
    private func run(_ scenario: Scenario, killAt moment: Int?) async throws -> Int {
        try await withVirtualTime { clock in
            let current = CurrentSwitch()
            let bench = Bench(clock) { current.value }
            if let before = scenario.before { try await bench.converge(before) }

            let killSwitch = KillSwitch(at: moment)
            current.value = killSwitch
            bench.garden.use(killSwitch)
            _ = try? await bench.converge(scenario.goal)
            current.value = KillSwitch()
            bench.garden.use(KillSwitch())

            let repair = try await bench.converge(scenario.goal)
            let context: Comment = "killed at moment \(moment ?? 0)"
            #expect(repair.isSuccess, context)
            #expect(bench.garden.objects.count == scenario.objects, context)
            #expect(bench.garden.twins == 0, context)
            let document = try await bench.store.read()
            #expect(Set(document.resources.keys) == Set(bench.garden.objects.keys), context)
            #expect(document.intents == [], context)
            #expect(bench.garden.weeds == [], context)

            bench.garden.forgetCalls()
            _ = try await bench.converge(scenario.goal)
            #expect(bench.garden.calls == [], context)
            return killSwitch.moments
        }
    }

    /// A run on one service after a killed run on all: the other's intents stay for a later run.
    /// A creation that nobody wants any more, broken off before its object was there.
    @Test func whatAnAbandonedCreationLeftGoes() async throws {
        let bed = Garden.address("web", Garden.bed)
        let goal = gardenGoal(wanted: [])
        var abandoned = 0
        for moment in 1...20 {
            abandoned += try await withVirtualTime { clock in
                let current = CurrentSwitch()
                let bench = Bench(clock) { current.value }
                let killSwitch = KillSwitch(at: moment)
                current.value = killSwitch
                bench.garden.use(killSwitch)
                _ = try? await bench.converge(gardenGoal())
                current.value = KillSwitch()
                bench.garden.use(KillSwitch())
                let intents = try await bench.store.read().intents
                guard intents.contains(where: { $0.address == bed }),
                    bench.garden.objects[bed] == nil
                else { return 0 }
                bench.garden.overgrow(bed)
                let context: Comment = "killed at moment \(moment)"
                #expect(try await bench.converge(goal).isSuccess, context)
                #expect(bench.garden.weeds == [], context)
                #expect(try await bench.store.read().intents == [], context)
                return 1
            }
        }
        #expect(abandoned > 0)
    }

    /// It is forgotten only when nothing is left around it.
    @Test func whatStoodAroundAnObjectThatIsGoneGoes() async throws {
        try await withVirtualTime { clock in
            let bed = Garden.address("web", Garden.bed)
            let bench = Bench(clock)
            try await bench.converge(gardenGoal())
            bench.garden.edit(bed, nil)
            bench.garden.overgrow(bed)
            #expect(try await bench.converge(gardenGoal(wanted: [])).isSuccess)
            #expect(bench.garden.weeds == [])
            #expect(try await bench.store.read().resources == [:])
        }
    }

    @Test func aTargetedRunLeavesTheIntentsOfOthersAlone() async throws {
        for moment in 1...60 {
            try await withVirtualTime { clock in
                let current = CurrentSwitch()
                let bench = Bench(clock) { current.value }
                try await bench.converge(gardenGoal())
                let killSwitch = KillSwitch(at: moment)
                current.value = killSwitch
                bench.garden.use(killSwitch)
                _ = try? await bench.converge(gardenGoal(soil: "sand"))
                current.value = KillSwitch()
                bench.garden.use(KillSwitch())
                bench.garden.forgetCalls()

                let context: Comment = "killed at moment \(moment)"
                let targeted = try await bench.converge(gardenGoal(soil: "sand", services: ["web"]))
                #expect(targeted.isSuccess, context)
                #expect(bench.garden.calls.allSatisfy { $0.address.service == "web" }, context)
                let all = try await bench.converge(gardenGoal(soil: "sand"))
                #expect(all.isSuccess, context)
                #expect(bench.garden.objects.count == 6, context)
                #expect(bench.garden.twins == 0, context)
                #expect(try await bench.store.read().intents == [], context)
            }
        }
    }

    private final class CurrentSwitch: Sendable {
        private let current = Mutex(KillSwitch())
        var value: KillSwitch {
            get { current.withLock { $0 } }
            set { current.withLock { $0 = newValue } }
        }
    }
}
