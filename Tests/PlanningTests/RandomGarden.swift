import Foundation
import Planning
import Resources
import Simulation
import TestSupport

/// Specs, state and world made up from a seed, and what becomes of them when a plan is carried
/// out.
struct RandomGarden {
    static let kinds = KindCatalogue(Garden.kinds)
    static let services = ["a", "ab", "b"]

    struct Reversed: Fingerprinting {
        func fingerprint(of secret: Secret) -> String { String(secret.revealed.reversed()) }
    }

    static let planner = Planner(kinds: kinds, fingerprints: Reversed())

    private(set) var input: PlanInput
    private var nextID = 0
    private let random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        input = PlanInput(
            desired: [], document: StateDocument(lineage: "l", serial: 3, project: "p"),
            observed: [])
        // What was converged once, then changed on every side.
        input.desired = wishes()
        if chance(8) {
            carryOut(Self.planner.plan(input))
            input.desired = wishes()
            tamper()
        }
        input.withData = chance(5)
    }

    private func chance(_ tenths: UInt64) -> Bool { random.next() % 10 < tenths }

    private func one<Element>(of elements: [Element]) -> Element {
        elements[Int(random.next() % UInt64(elements.count))]
    }

    private func wishes() -> [Resource] {
        Self.services.flatMap { service -> [Resource] in
            let bed = Garden.address(service, Garden.bed)
            let plant = Garden.address(service, Garden.plant)
            guard chance(8) else { return [] }
            var resources = [
                Resource(
                    bed,
                    attributes: [
                        "soil": .string(one(of: ["loam", "sand"])), "width": one(of: [1, 2, 3]),
                        "protect": .boolean(chance(2)),
                    ])
            ]
            guard chance(8) else { return resources }
            resources.append(
                Resource(
                    plant,
                    attributes: [
                        "bed": .reference(bed, "id"), "height": one(of: [1, 2]),
                        "colours": one(of: [["red", "blue"], ["blue", "red"], ["white"]]),
                        "scent": .secret(Secret(one(of: ["rose", "tulip"]))),
                        "note": .string(one(of: ["first", "second"])),
                    ]))
            guard chance(7) else { return resources }
            resources.append(
                Resource(
                    Garden.address(service, Garden.label),
                    attributes: [
                        "text": .template([
                            .text("grows "), .reference(Reference(plant, "id")),
                        ])
                    ], dependencies: [plant]))
            return resources
        }
    }

    /// Changes, removes and forgets some objects, and puts data on some.
    private mutating func tamper() {
        for address in input.observed.keys.sorted() {
            if chance(2) { input.observed[address] = nil }
            if chance(2) { input.observed[address]?.attributes["width"] = 9 }
            if chance(1), address.kind == Garden.bed {
                input.observed[address]?.attributes["roots"] = "deep"
            }
            if chance(2) {
                input.document.services[address.service]?.resources
                    .removeAll { $0.address == address }
            }
        }
    }

    /// Does to world and state what the plan says.
    mutating func carryOut(_ plan: Plan) {
        let order = [Garden.bed, Garden.plant, Garden.label]
        for change in plan.changes where change.removesObject || change.action == .forget {
            input.observed[change.address] = nil
            record(nil, at: change.address)
        }
        for kind in order {
            for change in plan.changes where change.address.kind == kind { make(change) }
        }
        input.document.serial += 1
    }

    private mutating func make(_ change: Change) {
        guard let desired = change.desired,
            [.create, .update, .replace, .adopt].contains(change.action)
        else { return }
        var resource = desired
        resource.attributes = desired.attributes.mapValues { value in
            value.resolving { segment in
                guard case .reference(let reference) = segment else { return nil }
                return input.observed[reference.address]?[reference.attribute]
            }
        }
        var object: ObservedResource
        if change.action != .replace, let existing = input.observed[change.address] {
            object = existing
        } else {
            nextID += 1
            let id = "g-\(nextID)"
            object = ObservedResource(change.address, id: id, attributes: ["id": .string(id)])
        }
        if change.action != .adopt {
            for (name, value) in resource.attributes where !["scent", "note"].contains(name) {
                object.attributes[name] = value
            }
        }
        input.observed[change.address] = object
        let recording = Recording(kinds: Self.kinds, fingerprints: Reversed())
        record(
            recording.record(
                object, desired: resource,
                previous: change.action == .replace ? nil : change.recorded,
                at: Date(timeIntervalSince1970: 0)), at: change.address)
    }

    private mutating func record(_ record: RecordedResource?, at address: Address) {
        var state = input.document.services[address.service] ?? ServiceState()
        state.resources.removeAll { $0.address == address }
        if let record { state.resources.append(record) }
        input.document.services[address.service] = state
    }
}
