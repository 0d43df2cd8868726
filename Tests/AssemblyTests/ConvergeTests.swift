import HTTP
import Assembly
import Foundation
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

@Suite struct ConvergeTests {
    @Test func theExamplesConvergeAndStayAsTheyAre() async throws {
        let repository = try Repository.examples()
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let report = try await fleet.converge(repository)
            #expect(report.failures == [])

            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            #expect(plan.effective.map(\.reason) == [])
            #expect(plan.isEmpty)
            #expect(workspace.meter.byProvider.values.allSatisfy { $0.writes == 0 })
            let drift = try await workspace.reconciler.drift(workspace.goal())
            #expect(drift.findings == [])

            let end = try await fleet.destroy(repository)
            #expect(end.failures == [])
            #expect(fleet.world.inventory == [:])
        }
    }

    /// Lists, and the reads that Proxmox (three a guest) and Cloudflare (one a tunnel) force.
    @Test func aPlanWithNothingToDoCostsListsAndForcedReads() async throws {
        let repository = try Repository.examples()
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let workspace = fleet.workspace(repository)
            _ = try await workspace.reconciler.plan(workspace.goal())
            #expect(
                workspace.meter.byProvider.mapValues(\.total) == [
                    .aws: 4, .cloudflare: 5, .github: 1, .proxmox: 7,
                ])
        }
    }

    static let fields = Workspace.allKinds.flatMap { kind in
        kind.fields.filter(\.isComparable).map { "\(kind.name) \($0.name)" }
    }

    /// Every field that Launch compares comes back from the real APIs' behaviour as it was wanted.
    @Test func everyFieldOfEveryKindIsStable() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let report = try await fleet.converge(.full)
            #expect(report.failures == [])
            let workspace = fleet.workspace(.full)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let drift = try await workspace.reconciler.drift(workspace.goal())
            let changed = plan.changes.flatMap { change in
                change.fields.map { "\(change.address.kind) \($0.path)" }
            }
            let drifted = drift.findings.flatMap { finding in
                finding.fields.map { "\(finding.address.kind) \($0.path)" }
            }
            let seen = try await fleet.store.read().resources.values.flatMap { record in
                record.attributes.keys.map { "\(record.address.kind) \($0)" }
            }
            for field in Self.fields {
                #expect(!changed.contains(field))
                #expect(!drifted.contains(field))
                #expect(seen.contains(field), "\(field) is never set, so this proves nothing of it")
            }
            #expect(plan.isEmpty)
            #expect(drift.findings == [])
        }
    }

    @Test func oneServiceTouchesNothingOfTheOthers() async throws {
        let repository = try Repository.examples()
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let before = try await fleet.store.read()
            var changed = repository.services
            for index in changed.indices { changed[index].size = .named(.large) }
            let larger = Repository(project: repository.project, services: changed)
            let report = try await fleet.converge(larger, services: ["worker"])
            #expect(Set(report.done.map(\.address.service)) == ["worker"])
            let after = try await fleet.store.read()
            for name in before.services.keys where name != "worker" {
                #expect(before.services[name] == after.services[name])
            }
        }
    }
}
