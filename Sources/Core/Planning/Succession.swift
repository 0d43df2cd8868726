package import Foundation
package import Resources

/// A service that moves to another target: its new machine is made beside the old one, which is
/// kept until the new one serves, and rests for some time after that.
package struct Succession: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// The new machine does not serve yet: the service's names lead to the old one.
        case arriving
        /// The new machine serves. The old one rests, so that there is a way back.
        case resting(until: Date)
        case over
    }

    /// The new machine.
    package let machine: Address
    /// Where the old one is.
    package let provider: ProviderName
    package let phase: Phase

    package init(of provider: ProviderName, by machine: Address, _ phase: Phase) {
        self.provider = provider
        self.machine = machine
        self.phase = phase
    }

    package var service: String { machine.service }

    /// Why what is left behind is kept; `nil` when it is not.
    var delay: String? {
        switch phase {
        case .arriving: "kept until \(machine) serves"
        case .resting(let end): "kept until \(end.formatted(.iso8601)), since \(machine) serves"
        case .over: nil
        }
    }
}

extension Planner {
    /// The services that move from one target to another, by name.
    ///
    /// - Parameter grace: how long an old machine rests once the new one serves.
    package func successions(
        in input: PlanInput, grace: Duration, at now: Date
    ) -> [String: Succession] {
        let machines = input.desired.map(\.address).filter { $0.isMachine && input.includes($0) }
        let present = input.observed.keys.filter(\.isMachine)
        return machines.reduce(into: [:]) { found, machine in
            let old = present.filter {
                $0.service == machine.service && $0.kind.provider != machine.kind.provider
            }
            guard let old = old.min() else { return }
            let phase: Succession.Phase
            if let since = servingSince(machine, input) {
                let end = since.addingTimeInterval(Double(grace.components.seconds))
                phase = end > now ? .resting(until: end) : .over
            } else {
                phase = .arriving
            }
            found[machine.service] = Succession(of: old.kind.provider, by: machine, phase)
        }
    }

    /// Since when the application has been healthy on this very machine; `nil` while it is not.
    /// Where there is no runner, nobody but the machine's maker can tell.
    private func servingSince(_ machine: Address, _ input: PlanInput) -> Date? {
        let recorded = input.document.resources
        guard input.observed[machine] != nil, let record = recorded[machine] else { return nil }
        guard input.desired.contains(where: { $0.address == machine.runner }) else {
            return record.createdAt
        }
        let timeline = Timeline(input.document.services[machine.service]?.timeline ?? [])
        guard let runner = recorded[machine.runner],
            runner.attributes["machine"] == .string(record.id),
            let healthy = timeline[.applicationHealthy]?.reachedAt, healthy >= runner.createdAt
        else { return nil }
        return healthy
    }

    /// What becomes of an object that the old target of a moving service has; `nil` for another.
    func leaving(
        _ observed: ObservedResource, _ input: PlanInput, _ recorded: RecordedResource?
    ) -> Change? {
        let address = observed.address
        guard let succession = input.successions[address.service],
            succession.provider == address.kind.provider
                || kinds.kind(of: address).leadsToService && succession.phase == .arriving
        else { return nil }
        func change(
            _ action: Change.Action, _ reason: String, _ fields: [FieldChange] = [],
            _ desired: Resource? = nil
        ) -> Change {
            Change(
                address, action, reason: reason, fields: fields, desired: desired,
                observed: observed, recorded: recorded, leftBy: address.service)
        }
        let isArriving = succession.phase == .arriving
        // A spot machine cannot rest.
        let isRestless = observed["spot"] == true && !isArriving
        guard let reason = succession.delay ?? reasonToKeep(observed, input), !isRestless else {
            return change(.delete, "\(succession.machine) serves in its place")
        }
        guard address.isMachine, !isArriving else { return change(.noOp, reason) }
        let rest = resting(
            observed, isProtected: isProtected(observed, recorded), succession, input)
        let comparison = comparison(for: address)
        let fields = comparison.changes(from: observed, recorded: recorded, to: rest)
        guard fields.isEmpty else {
            let reasons = [reason] + fields.map(\.summary)
            return change(.update, reasons.joined(separator: "; "), fields, rest)
        }
        return comparison.isUpToDate(recorded, with: observed)
            ? change(.noOp, reason)
            : change(.adopt, "it is as wanted, and the state is older", [], rest)
    }

    /// A machine that is kept keeps what belongs to it.
    private func reasonToKeep(_ observed: ObservedResource, _ input: PlanInput) -> String? {
        let machines = input.observed.values.filter {
            $0.address.isMachine && $0.address.service == observed.address.service
                && $0.address.kind.provider == observed.address.kind.provider
        }
        let kept = [observed] + machines
        if !input.withData, kept.contains(where: { kinds.kind(of: $0.address).holdsData($0) }) {
            return Self.keptForItsData
        }
        let recorded = input.document.resources
        return machines.contains { isProtected($0, recorded[$0.address]) }
            ? "kept: the machine is protected" : nil
    }

    /// Off, and protected only as long as the new machine is to be. It stops when every name leads
    /// to the new one.
    private func resting(
        _ machine: ObservedResource, isProtected: Bool, _ succession: Succession,
        _ input: PlanInput
    ) -> Resource {
        let successor = input.desired.first { $0.address == succession.machine }
        let names = input.desired.map(\.address).filter {
            $0.service == succession.service && kinds.kind(of: $0).leadsToService
        }
        let fields = kinds.kind(of: machine.address).fields.filter(\.isComparable)
        var attributes = machine.attributes.filter { name, _ in
            fields.contains { $0.name == name }
        }
        attributes["running"] = false
        if isProtected, successor?["protect"] != true {
            attributes["protect"] = false
        }
        return Resource(machine.address, attributes: attributes, dependencies: Set(names))
    }

    private func isProtected(_ machine: ObservedResource, _ recorded: RecordedResource?) -> Bool {
        machine["protect"] == true || recorded?.attributes["protect"] == true
    }

    static let keptForItsData = "kept: it holds data (--with-data deletes it)"

    /// True while a name must go on leading to the old machine.
    func waits(_ address: Address, _ input: PlanInput) -> Bool {
        guard input.successions[address.service]?.phase == .arriving,
            kinds.kind(of: address).leadsToService
        else { return false }
        return input.observed.keys.contains {
            $0.service == address.service && $0.kind == address.kind
        }
    }
}
