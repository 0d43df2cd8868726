import Foundation
import Planning
import Resources
import Services
import TestSupport
import Testing

/// What `protect` refuses, and how a person gets past it.
@Suite struct ProtectionTests {
    private static let bed = Garden.address("web", Garden.bed)
    private static let cellar = Garden.address("web", Garden.cellar)

    private struct Plain: Fingerprinting {
        func fingerprint(of secret: Secret) -> String { secret.revealed }
    }

    private static func refusals(
        bed: [String: Value], recorded: [String: Value] = [:], wanted: [Resource] = [],
        specified: Set<String> = []
    ) -> [PlanViolation] {
        let kinds = KindCatalogue(Garden.kinds)
        let record = RecordedResource(
            address: Self.bed, id: "g-1", attributes: recorded, createdAt: .distantPast,
            updatedAt: .distantPast)
        let input = PlanInput(
            desired: wanted,
            document: StateDocument(
                lineage: "l", project: "p", services: ["web": ServiceState(resources: [record])]),
            observed: [
                ObservedResource(Self.bed, id: "g-1", attributes: bed),
                ObservedResource(cellar, id: "g-2", attributes: ["width": 9]),
            ], withData: true)
        return Planner(kinds: kinds, fingerprints: Plain()).plan(input).violations(
            limits: .init(), kinds: kinds, withData: true, specified: specified)
    }

    private static let gone = """
        services/web is gone; bring it back as it last was: `git restore --source="$(git log -1 \
        --diff-filter=AM --format=%h -- services/web)" -- services/web`. Set `protect: false` in \
        its service.yaml, run `launch converge web`, and take it away again.
        """
    private static let there =
        "Set `protect: false` in services/web/service.yaml, run `launch converge web`, then this "
        + "again."

    /// What is seen and what was recorded each hold alone, for the object and its service's data.
    @Test(
        arguments: [
            (["protect": true], [:], Set<String>(), gone), ([:], ["protect": true], [], gone),
            (["protect": false], ["protect": true], ["web"], there),
        ] as [([String: Value], [String: Value], Set<String>, String)])
    func whatIsProtectedStays(
        seen: [String: Value], recorded: [String: Value], specified: Set<String>, remedy: String
    ) {
        let refusals = Self.refusals(bed: seen, recorded: recorded, specified: specified)
        #expect(
            refusals
                == ["bed", "cellar"].map {
                    PlanViolation(
                        message: "web/aws.\($0) is protected, and the plan would delete it",
                        remedy: remedy)
                })
    }

    /// The machine stays, and its volume was taken out of the spec.
    @Test func dataIsProtectedWithTheMachine() {
        let wanted = [Resource(Self.bed, attributes: ["protect": true])]
        let refusals = Self.refusals(bed: [:], wanted: wanted, specified: ["web"])
        #expect(
            refusals.map(\.message) == [
                "web/aws.cellar is protected, and the plan would delete it"
            ])
    }

    @Test func whatIsNotProtectedGoes() {
        #expect(Self.refusals(bed: ["protect": false], recorded: ["protect": false]) == [])
    }
}
