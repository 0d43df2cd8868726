import Planning
import Resources
import TestSupport
import Testing

@Suite struct StepGraphTests {
    private static let bed = Garden.address("web", Garden.bed)
    private static let plant = Garden.address("web", Garden.plant)
    private static let wantedPlant = Resource(plant, attributes: ["bed": .reference(bed, "id")])

    private func requirements(_ changes: [Change]) -> [Step: Set<Step>] {
        let plan = Plan(project: "p", lineage: "l", serial: 1, changes: changes)
        return StepGraph(plan, kinds: KindCatalogue(Garden.kinds + [Self.machine])).requirements
    }

    /// A machine whose provider keeps what it booted from.
    private static let machine = ResourceKind(
        KindName(.proxmox, "vm"), title: "machine",
        fields: [Field("id", .string, [.computed]), Field("seed_attached", .boolean, [.computed])])

    @Test func creationsFollowReferences() {
        #expect(
            requirements([
                Change(Self.plant, .create, reason: "", desired: Self.wantedPlant),
                Change(Self.bed, .create, reason: ""),
            ]) == [
                Step(Self.bed, .apply): [], Step(Self.plant, .apply): [Step(Self.bed, .apply)],
            ])
    }

    @Test func deletionsRunTheOtherWayWithoutAnyRecord() {
        #expect(
            requirements([
                Change(Self.bed, .delete, reason: ""), Change(Self.plant, .delete, reason: ""),
            ]) == [
                Step(Self.plant, .delete): [], Step(Self.bed, .delete): [Step(Self.plant, .delete)],
            ])
    }

    @Test func aReplacedPairIsTakenDownAndBuiltUp() {
        #expect(
            requirements([
                Change(Self.bed, .replace, reason: ""),
                Change(Self.plant, .replace, reason: "", desired: Self.wantedPlant),
            ]) == [
                Step(Self.plant, .delete): [],
                Step(Self.bed, .delete): [Step(Self.plant, .delete)],
                Step(Self.bed, .apply): [Step(Self.bed, .delete)],
                Step(Self.plant, .apply): [Step(Self.plant, .delete), Step(Self.bed, .apply)],
            ])
    }

    @Test func theOldIsDeletedAfterItsUserHasMoved() {
        #expect(
            requirements([
                Change(Self.bed, .delete, reason: ""),
                Change(
                    Self.plant, .update, reason: "", desired: Resource(Self.plant, attributes: [:])),
            ]) == [
                Step(Self.plant, .apply): [], Step(Self.bed, .delete): [Step(Self.plant, .apply)],
            ])
    }

    @Test func theSeedGoesWhenTheRunnerIsThere() {
        let machine = Address(service: "web", kind: Self.machine.name)
        let graph = requirements([
            Change(machine, .create, reason: ""),
            Change(
                machine.runner, .create, reason: "",
                desired: Resource(
                    machine.runner, attributes: ["machine": .reference(machine, "id")])),
        ])
        #expect(
            graph[Step(machine, .finishBoot)] == [
                Step(machine, .apply), Step(machine.runner, .apply),
            ])
    }
}
