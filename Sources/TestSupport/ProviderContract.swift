package import Resources
package import Simulation

/// What every provider promises, checked against the simulated world.
///
/// A life runs from nothing over creation, repeated creation and an update to deletion; before that
/// the object is let go and adopted, where its kind can change hands. It is led once undisturbed, and then once for each of its mutating requests and each fault with that
/// fault at that request.
package struct ProviderContract: Sendable {
    private let provider: any Provider
    private let example: Resource
    private let edited: Resource
    private let prerequisites: [Resource]
    private let project: String
    private let isPartOfAnother: Bool
    private let world: SimulatedWorld
    private let prepare: @Sendable () async throws -> Void
    private let bystanders: @Sendable (WorldCore) -> [String]

    /// - Parameters:
    ///   - example: what is made; it may refer to `prerequisites`.
    ///   - edited: the same address after an update in place.
    ///   - prerequisites: made first, in this order, and removed last.
    ///   - project: whose marks the objects bear.
    ///   - isPartOfAnother: the last prerequisite's mark is enough for it to be observed.
    ///   - prepare: what must happen in the world before each creation: a guest that boots.
    ///   - bystanders: describes objects without the mark, which must stay as they are.
    package init(
        _ provider: any Provider, example: Resource, edited: Resource,
        prerequisites: [Resource] = [], project: String, isPartOfAnother: Bool = false,
        in world: SimulatedWorld,
        prepare: @escaping @Sendable () async throws -> Void = {},
        bystanders: @escaping @Sendable (WorldCore) -> [String] = { _ in [] }
    ) {
        self.provider = provider
        self.example = example
        self.edited = edited
        self.prerequisites = prerequisites
        self.project = project
        self.isPartOfAnother = isPartOfAnother
        self.world = world
        self.prepare = prepare
        self.bystanders = bystanders
    }

    /// What goes wrong in turn: the answer is lost after the effect, or there is no effect.
    private static let faults: [(name: String, fault: Fault)] = [
        ("answer lost", .lostReply), ("unavailable", .status(503, retryAfter: 1)),
    ]

    /// Fields that can change in place and that the update leaves as they are: the less, the
    /// more is checked.
    package var fieldsLeftAlone: [String] {
        let fields = provider.kinds.first { $0.name == example.address.kind }?.fields ?? []
        return fields.filter { field in
            field.isComparable && !field.traits.contains(.immutable)
                && field.normalised(example[field.name]) == field.normalised(edited[field.name])
        }.map(\.name)
    }

    /// - Throws: `ContractViolation` at the first broken promise, or what the provider throws.
    package func check() async throws {
        let kept = world.locked(bystanders)
        var known = ObservedAttributes()
        for (number, prerequisite) in prerequisites.enumerated() {
            let key = IdempotencyKey("contract-prerequisite-\(number)")
            known.add(try await provider.create(known.resolve(prerequisite), key: key))
        }
        let undisturbed = FaultTally()
        let population = try await life("undisturbed", known, undisturbed, population: nil)
        try require("a life has mutating requests", undisturbed.writes > 0, equals: true)
        for (name, fault) in Self.faults {
            for index in 0..<undisturbed.writes {
                _ = try await life(
                    "\(name) at write \(index + 1)", known, FaultTally(fault, at: index),
                    population: population)
            }
        }
        for prerequisite in known.resources.reversed() { try await provider.delete(prerequisite) }
        try require("bystanders are untouched", world.locked(bystanders), equals: kept)
    }

    /// One life of the object; answers with the world's inventory while it existed.
    private func life(
        _ label: String, _ known: ObservedAttributes, _ faults: FaultTally,
        population: [String: Int]?
    ) async throws -> [String: Int] {
        let example = known.resolve(example)
        let edited = known.resolve(edited)
        let key = IdempotencyKey("contract-\(label.filter { $0 != " " })")
        let before = world.inventory
        try require("\(label): nothing is observed before", try await observed()?.id, equals: nil)
        try await prepare()
        world.setFaults(faults.plan)
        defer { world.setFaults(.none) }

        let made = try await persisting { try await provider.create(example, key: key) }
        try await requireReal(made, example, "\(label): created")
        let inventory = world.inventory
        try require("\(label): one of everything", inventory, equals: population ?? inventory)

        let again = try await persisting { try await provider.create(example, key: key) }
        try require("\(label): creating again adopts", again.id, equals: made.id)
        try require("\(label): creating again adds nothing", world.inventory, equals: inventory)
        let booted = try await persisting { try await provider.finishBoot(of: again) }
        try require("\(label): the boot is over", provider.awaitsBoot(booted), equals: false)
        let settled = world.inventory

        let changed = try await persisting { try await provider.update(booted, to: edited) }
        try await requireReal(changed, edited, "\(label): updated")
        try require("\(label): updating adds nothing", world.inventory, equals: settled)

        try await changeHands(changed, edited, label)

        try await persisting { try await provider.delete(changed) }
        try await persisting { try await provider.delete(changed) }
        try require("\(label): nothing is observed after", try await observed()?.id, equals: nil)
        try require("\(label): nothing is left", world.inventory, equals: before)
        return inventory
    }

    /// Lets the object go and adopts it, each twice; nothing of it is another one afterwards.
    private func changeHands(
        _ object: ObservedResource, _ desired: Resource, _ label: String
    ) async throws {
        guard let marking = provider as? any OwnershipMarking,
            !marking.kindsFoundByName.contains(object.address.kind)
        else { return }
        let inventory = world.inventory
        for _ in 1...2 { try await persisting { try await marking.release(object) } }
        if !isPartOfAnother {
            try require("\(label): nobody's when let go", try await observed()?.id, equals: nil)
        }
        for _ in 1...2 {
            try await persisting { try await marking.adopt(object.id, as: desired) }
        }
        try await requireReal(object, desired, "\(label): adopted", isFresh: false)
        try require("\(label): new hands add nothing", world.inventory, equals: inventory)
    }

    /// Both what the verb answered with, when it was just now, and what a sweep shows are as desired.
    private func requireReal(
        _ answered: ObservedResource, _ desired: Resource, _ label: String, isFresh: Bool = true
    ) async throws {
        guard let kind = provider.kinds.first(where: { $0.name == desired.address.kind }) else {
            throw ContractViolation("\(label): \(desired.address.kind) is not among the kinds")
        }
        guard let seen = try await observed() else {
            throw ContractViolation("\(label): a sweep does not show it")
        }
        try require("\(label): the sweep shows the same object", seen.id, equals: answered.id)
        for field in kind.fields where field.isComparable {
            guard let wished = desired[field.name] ?? field.fallback else { continue }
            for (origin, found) in [("sweep", seen)] + (isFresh ? [("answer", answered)] : []) {
                try require(
                    "\(label): \(field.name) in the \(origin)",
                    field.normalised(found[field.name]), equals: field.normalised(wished))
            }
        }
    }

    private func observed() async throws -> ObservedResource? {
        let scope = Scope(
            project: project, services: [example.address.service], expected: [example.address])
        let found = try await provider.observe(scope).filter { $0.address == example.address }
        guard found.count <= 1 else {
            throw ContractViolation("\(example.address) is observed \(found.count) times")
        }
        return found.first
    }

    /// Repeats a verb as the engine does: while the failure may pass.
    private func persisting<Result>(_ verb: () async throws -> Result) async throws -> Result {
        for _ in 1..<4 {
            do {
                return try await verb()
            } catch let error as ProviderError where error.isTransient {
                continue
            }
        }
        return try await verb()
    }

    private func require<Result: Equatable>(
        _ promise: String, _ found: Result, equals expected: Result
    ) throws {
        if found != expected {
            throw ContractViolation("\(promise): expected \(expected), found \(found)")
        }
    }
}

/// A promise of the contract that a provider broke.
package struct ContractViolation: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Attributes of what exists, for what refers to it.
private struct ObservedAttributes {
    private(set) var resources: [ObservedResource] = []

    mutating func add(_ resource: ObservedResource) { resources.append(resource) }

    func resolve(_ desired: Resource) -> Resource {
        var resolved = desired
        resolved.attributes = desired.attributes.mapValues { value in
            value.resolving { segment in
                guard case .reference(let reference) = segment else { return nil }
                return resources.first { $0.address == reference.address }?[reference.attribute]
            }
        }
        return resolved
    }
}
