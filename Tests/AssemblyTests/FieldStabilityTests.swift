import TestSupport
import Assembly
import Planning
import Reconciling
import Resources
import ServiceFiles
import Simulation
import Testing

/// Every field that Launch compares comes back from the real APIs' behaviour as it was wanted.
@Suite struct FieldStabilityTests {
    /// What one converge of everything leaves, by kind and field.
    private struct Outcome: Sendable {
        let problems: [String]
        let recorded: [ComparedField: [Value]]
        let drifted: Set<ComparedField>
        let planned: Set<ComparedField>
    }

    @Test(arguments: ComparedField.all)
    func aConvergedFieldShowsNeitherDriftNorChange(field: ComparedField) async throws {
        let outcome = try await Self.outcome.value
        let values = outcome.recorded[field, default: []].filter { !$0.isNull }
        #expect(!values.isEmpty, "it is never set, so this proves nothing of it")
        #expect(!outcome.drifted.contains(field))
        #expect(!outcome.planned.contains(field))
    }

    @Test func everythingConverges() async throws {
        #expect(try await Self.outcome.value.problems == [])
    }

    /// Made once for all cases.
    private static let outcome = Task {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            let report = try await fleet.converge(repository)
            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let drift = try await workspace.reconciler.drift(workspace.goal())
            var recorded: [ComparedField: [Value]] = [:]
            for record in try await fleet.store.read().resources.values {
                for (name, value) in record.attributes {
                    recorded[ComparedField(record.address.kind, name), default: []].append(value)
                }
            }
            return Outcome(
                problems: report.failures.map(\.message)
                    + (try await fleet.shortfalls(of: repository)),
                recorded: recorded,
                drifted: Set(
                    drift.findings.flatMap { finding in
                        finding.fields.map { ComparedField(finding.address.kind, $0.path) }
                    }),
                planned: Set(
                    plan.changes.flatMap { change in
                        change.fields.map { ComparedField(change.address.kind, $0.path) }
                    }))
        }
    }
}

/// A field that Launch compares with what it observes.
struct ComparedField: Hashable, Sendable, CustomTestStringConvertible {
    let kind: KindName
    let name: String

    init(_ kind: KindName, _ name: String) {
        self.kind = kind
        self.name = name
    }

    var testDescription: String { "\(kind) \(name)" }

    static let all = Workspace.allKinds.flatMap { kind in
        kind.fields.filter(\.isComparable).map { ComparedField(kind.name, $0.name) }
    }
}
