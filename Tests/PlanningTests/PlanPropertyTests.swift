import Planning
import Resources
import TestSupport
import Testing

/// What holds for every plan, whatever specs, state and world are.
@Suite struct PlanPropertyTests {
    static let seeds: Range<UInt64> = 0..<300

    @Test(arguments: seeds) func theSameInputGivesTheSamePlan(seed: UInt64) {
        let input = RandomGarden(seed: seed).input
        var other = PlanInput(
            desired: input.desired.reversed(), document: input.document,
            observed: input.observed.values.sorted { $0.id > $1.id }, withData: input.withData)
        other.document.services = [:]
        for name in input.document.services.keys.sorted(by: >) {
            other.document.services[name] = input.document.services[name]
            other.document.services[name]?.resources.reverse()
        }
        #expect(RandomGarden.planner.plan(input) == RandomGarden.planner.plan(other))
    }

    @Test(arguments: seeds) func afterAPlanThereIsNothingToDo(seed: UInt64) {
        var garden = RandomGarden(seed: seed)
        garden.carryOut(RandomGarden.planner.plan(garden.input))
        let next = RandomGarden.planner.plan(garden.input)
        #expect(next.effective.map { "\($0.action) \($0.address): \($0.reason)" } == [])
        #expect(RandomGarden.planner.drift(garden.input).findings == [])
    }

    @Test(arguments: seeds) func aPlanTouchesNothingOfOtherServices(seed: UInt64) {
        let garden = RandomGarden(seed: seed)
        let whole = RandomGarden.planner.plan(garden.input)
        for service in RandomGarden.services {
            var input = garden.input
            input.services = [service]
            let plan = RandomGarden.planner.plan(input)
            #expect(plan.changes == whole.changes.filter { $0.service == service })
        }
    }

    @Test(arguments: seeds) func removalsComeFirst(seed: UInt64) {
        let plan = RandomGarden.planner.plan(RandomGarden(seed: seed).input)
        let removals = plan.changes.prefix { $0.removesObject }
        #expect(removals.count == plan.changes.count { $0.removesObject })
    }

    @Test(arguments: seeds) func everyStepCanBeReached(seed: UInt64) {
        let plan = RandomGarden.planner.plan(RandomGarden(seed: seed).input)
        let requirements = StepGraph(plan, kinds: RandomGarden.kinds).requirements
        let steps = Set(requirements.keys)
        #expect(requirements.values.allSatisfy { $0.isSubset(of: steps) })

        var done: Set<Step> = []
        while case let ready = requirements.filter({
            !done.contains($0.key) && $0.value.isSubset(of: done)
        }), !ready.isEmpty {
            done.formUnion(ready.keys)
        }
        #expect(done == steps)
        #expect(Set(steps.map(\.address)) == Set(plan.effective.map(\.address)))
    }
}
