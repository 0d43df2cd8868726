import Foundation
import Planning
import Reconciling
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

/// Who did it, asked of the provider.
@Suite struct WitnessTests {
    private static let bed = Garden.address("web", Garden.bed)
    private static let plant = Garden.address("web", Garden.plant)
    private static let deed = Attribution(by: "alice", at: Date(timeIntervalSince1970: 7))

    @Test func onlyWhatSomebodyDidIsAskedAbout() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            let witness = Witness(bench.garden) { objects in
                Dictionary(uniqueKeysWithValues: objects.map { ($0.address, Self.deed) })
            }
            try await bench.converge(gardenGoal())
            let end = clock.now()
            let pending = try await bench.drift(gardenGoal(height: 12), with: witness)
            #expect(pending.findings.count == 2)
            #expect(witness.asked == [])

            let id = bench.garden.objects[Self.bed]?.id ?? ""
            let gone = bench.garden.objects[Self.plant]?.id ?? ""
            bench.garden.edit(Self.bed, ["width": 3])
            bench.garden.edit(Self.plant, nil)
            let drift = try await bench.drift(gardenGoal(height: 12), with: witness)
            #expect(
                drift.findings.map { "\($0.address) \($0.kind) \($0.change?.by ?? "")" } == [
                    "web/aws.bed changed alice", "web/aws.plant missing alice",
                    "web/aws.plant pending ", "worker/aws.plant pending ",
                ])
            let since = end.addingTimeInterval(-10)
            #expect(
                witness.asked.map { $0.sorted { $0.address < $1.address } } == [
                    [
                        ChangedObject(Self.bed, id: id, fields: ["width"], since: since),
                        ChangedObject(Self.plant, id: gone, since: since),
                    ]
                ])
        }
    }

    /// It is cut short, and what it knows by then is told.
    @Test func aSlowLogDoesNotHoldUpTheCheck() async throws {
        try await withVirtualTime { clock in
            let bench = Bench(clock)
            try await bench.converge(gardenGoal())
            bench.garden.edit(Self.bed, ["width": 3])
            bench.garden.edit(Self.plant, nil)
            let witness = Witness(bench.garden) { _ in
                try? await clock.sleep(for: .seconds(86_400))
                return [Self.bed: Self.deed]
            }
            let start = clock.now()
            let drift = try await bench.drift(gardenGoal(), with: witness)
            #expect(clock.now().timeIntervalSince(start) == 60)
            #expect(drift.findings.map(\.change) == [Self.deed, nil])
        }
    }
}

/// A garden that somebody watches.
private final class Witness: ChangeWitness {
    private let garden: Garden
    private let answer: @Sendable ([ChangedObject]) async -> [Address: Attribution]
    private let questions = Mutex<[[ChangedObject]]>([])

    init(
        _ garden: Garden,
        _ answer: @escaping @Sendable ([ChangedObject]) async -> [Address: Attribution]
    ) {
        self.garden = garden
        self.answer = answer
    }

    var name: ProviderName { garden.name }
    var kinds: [ResourceKind] { garden.kinds }
    var asked: [[ChangedObject]] { questions.withLock { $0 } }

    func lastChanges(of objects: [ChangedObject], at now: Date) async -> [Address: Attribution] {
        questions.withLock { $0.append(objects) }
        return await answer(objects)
    }

    func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await garden.observe(scope)
    }
    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        try await garden.create(desired, key: key)
    }
    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await garden.update(observed, to: desired)
    }
    func delete(_ observed: ObservedResource) async throws { try await garden.delete(observed) }
}
