import Planning
import Reconciling
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

/// A run whose lease ends in mid-step.
@Suite struct FenceTests {
    @Test func aPausedRunChangesNothingMoreAndTheNextTakesOver() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal(wanted: ["web"]))
            bench.garden.forgetCalls()

            let plant = Garden.address("web", Garden.plant)
            let paused = FencedGarden(bench.garden) { address in
                if address == plant { try await nap(beyond: bench) }
            }
            let report = try await bench.converge(
                gardenGoal(soil: "sand", wanted: ["web"]), with: paused)

            let lost = StateError.leaseLost(service: "web").description
            #expect(report.failures.map { "\($0.address): \($0.message)" } == ["\(plant): \(lost)"])
            #expect(Set(report.skipped.map(\.address.service)) == ["web"])
            #expect(bench.garden.twins == 0)
            #expect(
                try await bench.reconciler.plan(gardenGoal(soil: "sand", wanted: ["web"])).isEmpty)
            #expect(try await bench.store.read().intents == [])
        }
    }

    /// Both services stand still at once; each fails once, and nothing else of it begins.
    @Test func everyServiceThatLostItsLeaseStops() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            let paused = FencedGarden(bench.garden) { _ in
                try await clock.sleep(for: .seconds(1))
                clock.advance(by: .seconds(120))
            }
            let report = try await bench.converge(gardenGoal(), with: paused)
            #expect(report.failures.map(\.address.service).sorted() == ["web", "worker"])
            #expect(report.skipped.count == 4)
            #expect(bench.garden.objects.isEmpty)
        }
    }

    @Test func whyACallFailedIsNotHiddenByALostLease() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal(wanted: ["web"]))
            let plant = Garden.address("web", Garden.plant)
            bench.garden.refuse(plant)
            let slow = FencedGarden(bench.garden, after: { clock.advance(by: .seconds(120)) })
            let report = try await bench.converge(
                gardenGoal(height: 12, wanted: ["web"]), with: slow)
            #expect(report.failures.map(\.message) == ["could not update: no room"])
        }
    }

    /// Another run comes while this one sleeps, and does all there is to do.
    private func nap(beyond bench: Bench) async throws {
        bench.time.advance(by: .seconds(61))
        #expect(try await bench.converge(gardenGoal(soil: "sand", wanted: ["web"])).isSuccess)
    }
}

/// A garden whose changes stop at the fence, as requests do.
private struct FencedGarden: Provider {
    private let garden: Garden
    private let before: @Sendable (Address) async throws -> Void
    private let after: @Sendable () -> Void

    init(
        _ garden: Garden, before: @escaping @Sendable (Address) async throws -> Void = { _ in },
        after: @escaping @Sendable () -> Void = {}
    ) {
        self.garden = garden
        self.before = before
        self.after = after
    }

    var name: ProviderName { garden.name }
    var kinds: [ResourceKind] { garden.kinds }

    func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await garden.observe(scope)
    }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        try await fenced(desired.address) { try await garden.create(desired, key: key) }
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await fenced(desired.address) { try await garden.update(observed, to: desired) }
    }

    func delete(_ observed: ObservedResource) async throws {
        try await fenced(observed.address) { try await garden.delete(observed) }
    }

    private func fenced<Result>(
        _ address: Address, _ call: () async throws -> Result
    ) async throws -> Result {
        try await before(address)
        try LeaseFence.check()
        defer { after() }
        return try await call()
    }
}
