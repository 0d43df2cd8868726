import Foundation
import Planning
import Resources
import Testing

/// What has its key told only once, and what keeps that.
@Suite struct KeylessTests {
    private static let seal = Address(service: "web", kind: KindName(.aws, "seal"))
    private static let safe = Address(service: "web", kind: KindName(.github, "safe"), key: "seal")

    private static let kinds = [
        ResourceKind(
            seal.kind, title: "seal",
            fields: [
                Field("id", .string, [.computed]), Field("motto", .string, [.reissuing]),
                Field("current", .boolean, [.reissuing], fallback: true),
            ]),
        ResourceKind(
            safe.kind, title: "safe", requires: [seal.kind],
            fields: [
                Field("source", .string, [.unobservable]),
                Field("intact", .boolean, fallback: true), Field("value", .string, [.secret]),
            ]),
    ]

    private static let wanted = [
        Resource(seal, attributes: ["motto": "be well", "current": true]),
        Resource(
            safe,
            attributes: [
                "source": .reference(seal, "id"), "intact": true,
                "value": .template([
                    .ephemeral(Ephemeral("aws.seal", service: "web", of: seal, isKey: true))
                ]),
            ]),
    ]

    private static let sealed = ObservedResource(
        seal, id: "s-1", attributes: ["id": "s-1", "motto": "be well", "current": true])
    private static let closed = ObservedResource(safe, id: "box", attributes: ["intact": true])

    private struct Plain: Fingerprinting {
        func fingerprint(of secret: Secret) -> String { secret.revealed }
    }

    private static let planner = Planner(kinds: KindCatalogue(kinds), fingerprints: Plain())

    private static func record(
        _ observed: ObservedResource, _ more: [String: Value] = [:]
    ) -> RecordedResource {
        RecordedResource(
            address: observed.address, id: observed.id,
            attributes: observed.attributes.merging(more) { $1 }, fingerprints: [:],
            dependencies: [], createdAt: .distantPast, updatedAt: .distantPast)
    }

    private static func input(
        _ records: [RecordedResource] = [record(sealed), record(closed, ["source": "s-1"])],
        _ observed: [ObservedResource] = [sealed, closed]
    ) -> PlanInput {
        PlanInput(
            desired: wanted,
            document: StateDocument(
                lineage: "l", serial: 1, project: "p",
                services: ["web": ServiceState(resources: records)]),
            observed: observed)
    }

    private static func changes(_ input: PlanInput) -> [String] {
        planner.plan(input).changes.map { "\($0.action.rawValue) \($0.address): \($0.reason)" }
    }

    private static let follows =
        "update web/github.safe/seal: source follows web/aws.seal, "
        + "value changed"

    @Test func whatIsKeptStays() {
        #expect(Self.planner.plan(Self.input()).isEmpty)
        #expect(Self.planner.drift(Self.input()).findings == [])
    }

    @Test func aKeyThatWasToldIsNotToldAgain() {
        let losses: [(PlanInput, String, String)] = [
            (
                Self.input([Self.record(Self.sealed)], [Self.sealed]), "which is missing",
                "create web/github.safe/seal: new"
            ),
            (
                Self.input([Self.record(Self.sealed)]), "which no run has finished writing",
                "update web/github.safe/seal: value changed"
            ),
            (
                Self.input([Self.record(Self.sealed), Self.record(Self.closed)]),
                "which no run has finished writing", "update web/github.safe/seal: value changed"
            ),
            (
                Self.input([
                    Self.record(Self.sealed), Self.record(Self.closed, ["source": "s-0"]),
                ]), "which keeps another one's", Self.follows
            ),
            (
                Self.input(
                    [Self.record(Self.sealed), Self.record(Self.closed, ["source": "s-1"])],
                    [
                        Self.sealed,
                        ObservedResource(Self.safe, id: "box", attributes: ["intact": false]),
                    ]), "which somebody else has changed",
                "update web/github.safe/seal: source follows web/aws.seal, intact: false → true "
                    + "(not as Launch left it), value changed"
            ),
        ]
        for (input, loss, keeper) in losses {
            #expect(
                Self.changes(input) == [
                    "update web/aws.seal: its key is nowhere but in web/github.safe/seal, \(loss)",
                    keeper,
                ])
            let change = Self.planner.plan(input).changes[0]
            #expect(change.reissues && change.hasPlight && !change.restarts)
            #expect(change.expectedDowntime == nil)
        }
    }

    @Test func whatAnEarlierRunBeganToWriteIsNotRelied() {
        var input = Self.input()
        input.unfinished = [Self.safe]
        #expect(
            Self.changes(input) == [
                "update web/aws.seal: its key is nowhere but in web/github.safe/seal, "
                    + "which no run has finished writing",
                "create web/github.safe/seal: an earlier run began it",
            ])
    }

    /// The seal is made anew in any case.
    @Test func aCreationNeedsNoReason() {
        #expect(
            Self.changes(Self.input([], [])) == [
                "create web/aws.seal: new", "create web/github.safe/seal: new",
            ])
        var begun = Self.input([], [Self.sealed])
        begun.unfinished = [Self.seal]
        #expect(
            Self.changes(begun) == [
                "create web/aws.seal: an earlier run began it", "create web/github.safe/seal: new",
            ])
        #expect(
            Self.changes(Self.input([Self.record(Self.closed, ["source": "s-0"])], [Self.closed]))
                == ["create web/aws.seal: new", Self.follows])
    }

    @Test func anotherMottoHasAnotherOneIssued() {
        var (input, mottled) = (Self.input(), Self.sealed)
        mottled.attributes["motto"] = "be brave"
        input.observed[Self.seal] = mottled
        let plan = Self.planner.plan(input)
        #expect(
            Self.changes(input) == [
                "update web/aws.seal: motto: be brave → be well (not as Launch left it)",
                Self.follows,
            ])
        #expect(plan.changes.map(\.isMadeAnew) == [true, false])
        #expect(plan.changes[1].fields.map(\.isUnknown) == [true, false])
    }

    /// Drift shows what is; what it leads to is for the plan to say.
    @Test func aLossIsDriftOfTheKeeperAlone() {
        var input = Self.input()
        input.observed[Self.safe]?.attributes["intact"] = false
        #expect(Self.findings(input) == ["web/github.safe/seal changed intact"])
        input.observed[Self.safe] = nil
        #expect(Self.findings(input) == ["web/github.safe/seal missing"])
    }

    private static func findings(_ input: PlanInput) -> [String] {
        planner.drift(input).findings.map { finding in
            (["\(finding.address)", finding.kind.rawValue] + finding.fields.map(\.path))
                .joined(separator: " ")
        }
    }
}
