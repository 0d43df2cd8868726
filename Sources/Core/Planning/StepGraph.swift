package import Resources

/// One thing to do: half of a replacement, or a whole other change.
package struct Step: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        case delete
        case apply
        /// Removes what the machine booted from, once its runner is online.
        case finishBoot
    }

    package let address: Address
    package let phase: Phase

    package init(_ address: Address, _ phase: Phase) {
        self.address = address
        self.phase = phase
    }
}

/// The steps of a plan and which must end before which begins.
package struct StepGraph: Sendable {
    /// What each step waits for.
    package private(set) var requirements: [Step: Set<Step>] = [:]
    /// What waits for each step.
    package private(set) var dependents: [Step: Set<Step>] = [:]

    package init(_ plan: Plan, kinds: KindCatalogue) {
        let effective = plan.effective
        let related = Dictionary(grouping: effective) { $0.leftBy ?? $0.service }
        for change in effective {
            for step in change.steps { requirements[step] = [] }
        }
        for change in effective {
            connectNeeds(of: change)
            connectDependents(
                of: change, among: related[change.leftBy ?? change.service] ?? [], kinds)
        }
        connectBoots(plan, effective, kinds)
    }

    /// Made after what it refers to, and after its own old self is gone.
    private mutating func connectNeeds(of change: Change) {
        let step = Step(change.address, .apply)
        guard requirements[step] != nil else { return }
        for needed in change.desired?.requirements ?? [] { wait(step, for: Step(needed, .apply)) }
        wait(step, for: Step(change.address, .delete))
    }

    /// Deleted after everything that may still use it; an object that comes back waits only for
    /// the removal of its users, whose new selves wait for it.
    private mutating func connectDependents(
        of change: Change, among others: [Change], _ kinds: KindCatalogue
    ) {
        let step = Step(change.address, .delete)
        guard requirements[step] != nil else { return }
        for other in others where kinds.kind(other.address.kind, mayRequire: change.address.kind) {
            wait(step, for: Step(other.address, .delete))
            if change.action == .delete { wait(step, for: Step(other.address, .apply)) }
        }
    }

    private mutating func connectBoots(_ plan: Plan, _ effective: [Change], _ kinds: KindCatalogue)
    {
        let fresh = effective.filter {
            $0.action == .create || $0.action == .replace || $0.reseeds
        }
        .map(\.address).filter { requirements[Step($0.runner, .apply)] != nil }
        for machine in plan.bootsToFinish.union(fresh) where kinds.kind(of: machine).keepsSeed {
            let step = Step(machine, .finishBoot)
            requirements[step] = []
            wait(step, for: Step(machine, .apply))
            wait(step, for: Step(machine.runner, .apply))
        }
    }

    private mutating func wait(_ step: Step, for other: Step) {
        guard step != other, requirements[other] != nil else { return }
        requirements[step, default: []].insert(other)
        dependents[other, default: []].insert(step)
    }
}

extension Change {
    var steps: [Step] {
        switch action {
        case .noOp: []
        case .delete: [Step(address, .delete)]
        case .replace: [Step(address, .delete), Step(address, .apply)]
        case .create, .update, .adopt, .forget: [Step(address, .apply)]
        }
    }
}
