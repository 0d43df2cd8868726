import Assembly
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Drift from the world to the report, as `launch.yaml` lets it be told.
@Suite struct DriftExemptionTests {
    /// Two edits of one object, one of them exempt: seen by every run, in the same words each
    /// time, and repaired all the same.
    @Test func whatIsExemptIsNotToldAndStillRepaired() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let plain = Repository.full(in: fleet.world).with { $0.protect = false }
            try await fleet.converge(plain)
            for field in ["name", "environment"] {
                let edit = try #require(
                    ForeignEdit.all.first { $0.testDescription == "aws.instance \(field)" })
                try await edit.make(in: fleet, fleet.workspace(plain))
            }
            try await clock.sleep(for: .seconds(120))
            let target = try #require(try await Self.drift(of: plain, in: fleet).findings.first)
            #expect(target.fields.map(\.path).sorted() == ["environment", "name"])

            var project = plain.project
            let day = String(clock.now().timestamp.prefix(10))
            project.exemptions = [
                try #require(
                    DriftExemption(target.address, fields: ["name"], until: day))
            ]
            let lenient = Repository(project: project, services: plain.services)
            let drift = try await Self.drift(of: lenient, in: fleet)
            #expect(drift.findings.map(\.summary) == ["\(target.address) changed environment"])
            #expect(drift.exempt.map(\.finding.summary) == ["\(target.address) changed name"])
            #expect(drift.findings[0].fingerprint == target.fingerprint)

            clock.advance(by: .seconds(86_400))
            let later = try await Self.drift(of: lenient, in: fleet)
            #expect(later.findings.map(\.lapsed) == [day])
            #expect(later.findings.map(\.fingerprint) == [target.fingerprint])
            #expect(later.exempt == [])

            try await fleet.converge(lenient)
            #expect(try await fleet.shortfalls(of: lenient) == [])
        }
    }

    private static func drift(of repository: Repository, in fleet: Fleet) async throws -> Drift {
        let workspace = fleet.workspace(repository)
        return try await workspace.reconciler.drift(workspace.goal())
    }
}
