import Foundation
import Planning
import Resources
import Services
import TestSupport
import Testing

@Suite struct PlannerTests {
    private static let bed = Garden.address("web", Garden.bed)
    private static let plant = Garden.address("web", Garden.plant)
    private static let label = Garden.address("web", Garden.label)

    private static let wanted = [
        Resource(bed, attributes: ["soil": "loam", "width": 2]),
        Resource(
            plant,
            attributes: [
                "bed": .reference(bed, "id"), "height": 10, "colours": ["red", "blue"],
                "note": "first", "scent": .secret(Secret("rose")),
                "seed": .template([.ephemeral(Ephemeral("seed", service: "web"))]),
            ], origins: ["height": "size"]),
    ]

    private static let real = [
        ObservedResource(bed, id: "g-1", attributes: ["id": "g-1", "soil": "loam", "width": 2]),
        ObservedResource(
            plant, id: "g-2",
            attributes: ["id": "g-2", "bed": "g-1", "height": 10, "colours": ["blue", "red"]]),
    ]

    private struct Reversed: Fingerprinting {
        func fingerprint(of secret: Secret) -> String { String(secret.revealed.reversed()) }
    }

    private let kinds = KindCatalogue(Garden.kinds)
    private var planner: Planner { Planner(kinds: kinds, fingerprints: Reversed()) }

    private func document(of observed: [ObservedResource]) -> StateDocument {
        let recording = Recording(kinds: kinds, fingerprints: Reversed())
        let wanted = Dictionary(uniqueKeysWithValues: Self.wanted.map { ($0.address, $0) })
        let records = observed.map {
            recording.record(
                $0, desired: wanted[$0.address], previous: nil, at: Date(timeIntervalSince1970: 0))
        }
        return StateDocument(
            lineage: "l", serial: 7, project: "p",
            services: ["web": ServiceState(resources: records)])
    }

    private func plan(
        _ desired: [Resource] = wanted, recorded: [ObservedResource] = real,
        observed: [ObservedResource] = real, _ edit: (inout PlanInput) -> Void = { _ in }
    ) -> Plan {
        var input = PlanInput(
            desired: desired, document: document(of: recorded), observed: observed)
        edit(&input)
        return planner.plan(input)
    }

    private func actions(_ plan: Plan) -> [String] {
        plan.changes.map { "\($0.action.rawValue) \($0.address.kind.name): \($0.reason)" }
    }

    @Test func nothingToDoWhenAllThreeAgree() {
        let plan = plan()
        #expect(plan.isEmpty)
        #expect(plan.summary == [.noOp: 2])
    }

    @Test func aFreshWorldIsCreated() {
        let plan = plan(recorded: [], observed: [])
        #expect(actions(plan) == ["create bed: new", "create plant: new"])
        #expect(plan.changes[1].fields.first { $0.path == "bed" }?.isUnknown == true)
    }

    @Test func whatVanishedIsMadeAgain() {
        let plan = plan(observed: [Self.real[0]])
        #expect(
            actions(plan) == ["no-op bed: ", "create plant: missing: removed outside of Launch"])
    }

    @Test func whatIsOursAndUnknownIsAdopted() {
        let plan = plan(recorded: [Self.real[0]])
        #expect(actions(plan) == ["no-op bed: ", "adopt plant: it is ours, and not in the state"])
    }

    /// Somebody was faster, or an earlier run was killed before it could write.
    @Test func whatIsAlreadyAsWantedIsOnlyRecorded() {
        var before = Self.real
        before[0].attributes["width"] = 3
        let plan = plan(recorded: before)
        #expect(
            actions(plan) == [
                "adopt bed: it is as wanted, and the state is older", "no-op plant: ",
            ])
    }

    @Test func changesTellTheirConsequence() {
        var real = Self.real
        real[0].attributes["width"] = 3
        real[1].attributes["height"] = 12
        let plan = plan(observed: real)
        #expect(
            actions(plan) == [
                "update bed: width: 3 → 2 (not as Launch left it)",
                "update plant: height: 12 → 10 (not as Launch left it; size)",
            ])
        #expect(plan.changes.map(\.restarts) == [false, true])
    }

    @Test(arguments: [(3, FieldChange.Consequence.restart), (1, .live)])
    func whatTheMachineTakesAsItRunsIsNoRestart(
        water: Int, consequence: FieldChange.Consequence
    ) {
        var (wanted, real) = (Self.wanted, Self.real)
        wanted[1].attributes["water"] = 2
        real[1].attributes["water"] = .integer(water)
        let change = plan(wanted, observed: real).changes[1]
        #expect(change.fields.map(\.consequence) == [consequence])
        #expect(change.restarts == (consequence == .restart))
    }

    @Test func aReplacementReachesWhatRefersToIt() {
        var wanted = Self.wanted
        wanted[0].attributes["soil"] = "sand"
        let plan = plan(wanted)
        #expect(
            actions(plan) == [
                "replace bed: soil: loam → sand", "replace plant: bed follows web/aws.bed",
            ])
        #expect(plan.changes[1].replacedByChangeOf == [Self.bed])
    }

    @Test func unorderedListsAndUnsetFieldsDoNotDiffer() {
        var real = Self.real
        real[1].attributes["colours"] = ["red", "blue"]
        real[1].attributes["roots"] = "deep"
        #expect(plan(observed: real).isEmpty)
    }

    @Test func aChangedSecretIsOnlyCalledChanged() {
        var wanted = Self.wanted
        wanted[1].attributes["scent"] = .secret(Secret("tulip"))
        let plan = plan(wanted)
        #expect(actions(plan) == ["no-op bed: ", "update plant: scent changed"])
        #expect(plan.changes[1].fields.map(\.isSecret) == [true])
    }

    @Test func anUnobservableFieldIsComparedWithTheRecord() {
        var wanted = Self.wanted
        wanted[1].attributes["note"] = "second"
        #expect(actions(plan(wanted)).last == "update plant: note: first → second")
    }

    @Test func whatTheSpecsDropIsDeletedOrForgotten() {
        let plan = plan([], observed: [Self.real[0]])
        #expect(
            actions(plan) == [
                "delete bed: not in the specs any more",
                "forget plant: gone, and not in the specs any more",
            ])
    }

    @Test func aVolumeIsKeptUnlessItsDeletionIsAskedFor() {
        let cellar = Garden.address("web", Garden.cellar)
        let real = Self.real + [ObservedResource(cellar, id: "g-4", attributes: ["width": 9])]
        let kept = plan([], observed: real)
        #expect(kept.keptForData == [cellar])
        #expect(kept.summary == [.delete: 2, .noOp: 1])
        let deleted = plan([], observed: real) { $0.withData = true }
        #expect(deleted.summary == [.delete: 3])
    }

    @Test func whatCarriesDataInsideIsNotDeletedWithoutAWord() {
        var real = Self.real
        real[0].attributes["roots"] = "deep"
        let plan = plan([], observed: real)
        #expect(plan.summary == [.delete: 2])
        #expect(
            plan.violations(limits: .init(), kinds: kinds, withData: false, specified: []).map(
                \.message) == [
                    "web/aws.bed holds data, and the plan would delete it (not in the specs any more)"
                ])
        #expect(plan.violations(limits: .init(), kinds: kinds, withData: true, specified: []) == [])
    }

    @Test func anotherServiceIsNotTouched() {
        let other = ObservedResource(
            Garden.address("other", Garden.bed), id: "g-9", attributes: ["soil": "clay"])
        let plan = plan(observed: Self.real + [other]) { $0.services = ["web"] }
        #expect(plan.isEmpty)
    }

    @Test func anUnfinishedCreationIsTakenUpAgain() {
        let plan = plan(recorded: [Self.real[0]]) { $0.unfinished = [Self.plant] }
        #expect(actions(plan).last == "create plant: an earlier run began it")
        #expect(plan.changes.last?.finishesEarlierRun == true)
    }

    @Test func limitsProtectionAndDataRefuseAPlan() {
        var real = Self.real
        real[0].attributes["roots"] = "deep"
        real[0].attributes["protect"] = true
        var wanted = Self.wanted
        wanted[0].attributes["soil"] = "sand"
        let plan = plan(wanted, observed: real)
        let messages = plan.violations(
            limits: .init(deletes: 0, replaces: 0), kinds: kinds, withData: false,
            specified: []
        ).map(\.message)
        #expect(
            messages == [
                "the plan would replace 2 objects, and launch.yaml allows 0 (limits.replaces)",
                "web/aws.bed is protected, and the plan would replace it",
                "web/aws.bed holds data, and the plan would replace it (soil: loam → sand)",
            ])
        let allowed = plan.violations(
            limits: .init(replaces: 0), allowing: Allowances(replaces: 2), kinds: kinds,
            withData: true, specified: [])
        #expect(
            allowed.map(\.message) == ["web/aws.bed is protected, and the plan would replace it"])
    }

    @Test func driftNamesExactlyWhatDiffers() {
        var real = [Self.real[0]]
        real[0].attributes["width"] = 5
        real.append(ObservedResource(Self.label, id: "g-3", attributes: ["text": "hi"]))
        var wanted = Self.wanted
        wanted[0].attributes["width"] = 4
        let input = PlanInput(
            desired: wanted, document: document(of: Self.real), observed: real)
        let findings = planner.drift(input).findings
        let plain = findings.map {
            DriftFinding($0.address, $0.kind, fields: $0.fields, reason: $0.reason)
        }
        #expect(Set(findings.map(\.fingerprint)).count == 4)
        #expect(
            plain == [
                DriftFinding(
                    Self.bed, .changed, fields: [.init(path: "width", recorded: 2, actual: 5)]),
                DriftFinding(
                    Self.bed, .pending, fields: [.init(path: "width", recorded: 2, actual: 4)],
                    reason: "width: 2 → 4"),
                DriftFinding(Self.label, .unmanaged),
                DriftFinding(Self.plant, .missing),
            ])
    }
}
