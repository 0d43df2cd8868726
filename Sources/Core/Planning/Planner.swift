package import Resources
package import Services

/// Decides what has to happen. Pure: the same snapshots, the same plan.
package struct Planner: Sendable {
    let kinds: KindCatalogue
    let fingerprints: any Fingerprinting
    private let costs: CostEstimator?

    /// - Parameter costs: `nil` leaves the bill out.
    package init(
        kinds: KindCatalogue, fingerprints: any Fingerprinting, costs: CostEstimator? = nil
    ) {
        self.kinds = kinds
        self.fingerprints = fingerprints
        self.costs = costs
    }

    package func plan(_ given: PlanInput) -> Plan {
        var input = given
        input.keyless = keyless(in: given)
        let recorded = input.document.resources
        var decided: [Address: Change] = [:]
        for resource in inOrderOfNeed(input.desired.filter { input.includes($0.address) }) {
            guard isWanted(resource, input, decided) else { continue }
            let address = resource.address
            if waits(address, input) {
                guard let observed = input.observed[address] else { continue }
                decided[address] = Change(
                    address, .noOp, reason: input.successions[address.service]?.delay ?? "",
                    desired: resource, observed: observed, recorded: recorded[address])
                continue
            }
            decided[address] = decide(resource, input, recorded, decided)
        }
        var kept: [Address] = []
        let unwanted = Set(input.observed.keys).union(recorded.keys)
            .filter { input.includes($0) && decided[$0] == nil }
        for address in unwanted {
            let change = removal(of: address, input, recorded)
            if change.action == .noOp, change.reason == Self.keptForItsData { kept.append(address) }
            decided[address] = change
        }
        let changes = decided.values.sorted(by: Self.removalsFirst)
        return Plan(
            project: input.document.project, lineage: input.document.lineage,
            serial: input.document.serial, changes: changes,
            bootsToFinish: bootsToFinish(input, decided), keptForData: kept.sorted(),
            losses: ServiceLoss.all(in: changes, kinds),
            upgrades: Plan.upgrades(after: changes, kinds),
            successions: input.successions.values.sorted { $0.machine < $1.machine },
            displaced: displaced(by: changes, input),
            cost: costs.map { CostForecast(changes, input, $0) })
    }

    private static func removalsFirst(_ left: Change, _ right: Change) -> Bool {
        if left.removesObject != right.removesObject { return left.removesObject }
        return left.address < right.address
    }

    // MARK: - Wanted objects

    /// False when what the object is for is not there. Of an object that is made anew only its
    /// creation can tell.
    private func isWanted(
        _ resource: Resource, _ input: PlanInput, _ decided: [Address: Change]
    ) -> Bool {
        guard let condition = resource.condition, let needed = decided[condition.address] else {
            return true
        }
        switch needed.action {
        case .create, .replace: return true
        default: return (needed.observed?[condition.attribute] ?? .null) != .null
        }
    }

    private func decide(
        _ resource: Resource, _ input: PlanInput, _ recorded: [Address: RecordedResource],
        _ decided: [Address: Change]
    ) -> Change {
        let address = resource.address
        let comparison = comparison(for: address)
        let desired = resolved(resource, input, decided)
        let seed = comparison.anotherSeed(
            of: input.observed[address],
            hasServed: hasSeedServed(input.observed[address], recorded[address.runner]))
        let plight = input.stranded[address].map {
            $0 + (seed.consequence == .replace ? ", and it takes no other seed" : "")
        }
        guard let observed = input.observed[address], !input.unfinished.contains(address) else {
            let isUnfinished = input.unfinished.contains(address)
            if let plight, seed.consequence == .replace {
                return Change(
                    address, .replace, reason: plight, fields: [seed],
                    desired: resource, observed: input.observed[address],
                    recorded: recorded[address])
            }
            let reason =
                isUnfinished
                ? reasonToFinish(address, plight, input)
                : recorded[address] == nil
                    ? "new" + (resource.condition.map { ", if there is a \($0)" } ?? "")
                    : "missing: removed outside of Launch"
            return Change(
                address, .create, reason: reason, fields: comparison.creation(of: desired),
                desired: resource, observed: input.observed[address], recorded: recorded[address],
                finishesEarlierRun: isUnfinished, reseeds: plight != nil)
        }
        let others =
            comparison.changes(from: observed, recorded: recorded[address], to: desired)
            + newKeys(of: resource, decided)
            + (input.upgraded.contains(address.service) ? comparison.upgrade(of: observed) : [])
        let lostKey = input.keyless[address]
        let fields =
            others + (plight == nil ? [] : [seed]) + (lostKey == nil ? [] : [.lostKey])
        let former = input.former[address]
        let action: Change.Action
        if fields.isEmpty {
            let isKnown = former == nil && comparison.isUpToDate(recorded[address], with: observed)
            action = isKnown ? .noOp : .adopt
        } else {
            action = fields.contains { $0.consequence == .replace } ? .replace : .update
        }
        let reason =
            action == .adopt && former == nil
            ? recorded[address] == nil
                ? "it is ours, and not in the state" : "it is as wanted, and the state is older"
            : ([former.map { "renamed from \($0)" }, plight, lostKey]
                + [others.isEmpty ? nil : self.reason(for: others, desired, recorded[address])])
                .compactMap(\.self).joined(separator: "; ")
        return Change(
            address, action, reason: reason, fields: fields, desired: resource,
            observed: observed, recorded: recorded[address],
            replacedByChangeOf: action == .replace ? causes(of: fields) : [],
            reseeds: plight != nil && action == .update, former: former)
    }

    private func reasonToFinish(
        _ address: Address, _ plight: String?, _ input: PlanInput
    ) -> String {
        if let reason = input.cutShort[address] {
            return "an earlier run broke off while it gave it another seed: \(reason)"
        }
        return "an earlier run began it" + (plight.map { ", and \($0)" } ?? "")
    }

    /// Fields that are not as they were left.
    func differences(
        from recorded: RecordedResource, to observed: ObservedResource
    ) -> [DriftFinding.FieldDifference] {
        comparison(for: recorded.address).drift(from: recorded, to: observed).map {
            .init(path: $0.path, recorded: $0.before, actual: $0.after)
        }
    }

    func comparison(for address: Address) -> FieldComparison {
        FieldComparison(kind: kinds.kind(of: address), fingerprints: fingerprints)
    }

    /// Fills in what is known of other objects; what is about to be made anew stays unknown.
    func resolved(
        _ resource: Resource, _ input: PlanInput, _ decided: [Address: Change]
    ) -> Resource {
        var copy = resource
        copy.attributes = resource.attributes.mapValues { value in
            guard !value.isKnown else { return value }
            return value.resolving { segment in
                guard case .reference(let reference) = segment else { return nil }
                if decided[reference.address]?.makesUnknown(reference.attribute) ?? false {
                    return nil
                }
                return input.observed[reference.address]?[reference.attribute]
            }
        }
        return copy
    }

    private func reason(
        for fields: [FieldChange], _ desired: Resource, _ recorded: RecordedResource?
    ) -> String {
        fields.map { $0.summary + ($0.origin(desired, recorded).map { " (\($0))" } ?? "") }
            .joined(separator: ", ")
    }

    private func causes(of fields: [FieldChange]) -> [Address] {
        let references = fields.filter { $0.consequence == .replace }
            .flatMap { $0.after?.references ?? [] }
        return Set(references.map(\.address)).sorted()
    }

    // MARK: - Unwanted objects

    private func removal(
        of address: Address, _ input: PlanInput, _ recorded: [Address: RecordedResource]
    ) -> Change {
        let heir = input.heirs[address.service]
        let cause = heir.map { "the service is called \($0) now" } ?? input.removalReason
        guard let observed = input.observed[address] else {
            return Change(
                address, .forget, reason: "gone, and \(cause)", recorded: recorded[address],
                leftBy: heir)
        }
        if let change = leaving(observed, input, recorded[address]) { return change }
        let isKept = kinds.kind(of: address).data == .always && !input.withData
        return Change(
            address, isKept ? .noOp : .delete, reason: isKept ? Self.keptForItsData : cause,
            observed: observed, recorded: recorded[address], leftBy: heir)
    }

    // MARK: - Order and boots

    /// What is needed comes before what needs it; a circle is cut where it is met.
    private func inOrderOfNeed(_ resources: [Resource]) -> [Resource] {
        let byAddress = Dictionary(resources.map { ($0.address, $0) }) { first, _ in first }
        var ordered: [Resource] = []
        var visited: Set<Address> = []
        func visit(_ resource: Resource) {
            guard visited.insert(resource.address).inserted else { return }
            for needed in resource.requirements.sorted() {
                if let needed = byAddress[needed] { visit(needed) }
            }
            ordered.append(resource)
        }
        for resource in resources.sorted(by: { $0.address < $1.address }) { visit(resource) }
        return ordered
    }

    /// Machines that stay, still hold their seed, and whose runner is online or being awaited.
    private func bootsToFinish(
        _ input: PlanInput, _ decided: [Address: Change]
    ) -> Set<Address> {
        input.awaitingBoot.filter { machine in
            guard let change = decided[machine], !change.removesObject else { return false }
            return decided[machine.runner].map { $0.action != .delete } ?? false
        }
    }
}

extension Change {
    /// True when the attribute may be another one afterwards: a new object has all of them new; a
    /// machine that restarts, or that an earlier run began, all but its identity.
    fileprivate func makesUnknown(_ attribute: String) -> Bool {
        switch action {
        case .replace: true
        case .create: observed == nil || attribute != "id"
        // An IPv6 address belongs to the network interface.
        case .update: reissues || restarts && !["id", "public_ipv6"].contains(attribute)
        default: false
        }
    }
}
