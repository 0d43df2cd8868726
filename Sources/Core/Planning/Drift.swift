package import Resources
import Services

/// One way in which the world, the state and the specs disagree.
package struct DriftFinding: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The object is not as Launch left it.
        case changed
        /// Launch left it, and it is gone.
        case missing
        /// It bears the project's mark, and the state does not know it.
        case unmanaged
        /// The spec asks for something that was not converged yet.
        case pending
    }

    package struct FieldDifference: Hashable, Sendable {
        package let path: String
        package let recorded: Value?
        package let actual: Value?

        package init(path: String, recorded: Value?, actual: Value?) {
            self.path = path
            self.recorded = recorded
            self.actual = actual
        }
    }

    package let address: Address
    package let kind: Kind
    /// For `pending`, `recorded` is what is and `actual` what the spec wants.
    package let fields: [FieldDifference]
    /// For `pending`, the change's own reason: "new", "height: 12 → 10 (size)". For `changed`,
    /// what is wrong beyond its fields, and what helps.
    package let reason: String?

    package init(
        _ address: Address, _ kind: Kind, fields: [FieldDifference] = [], reason: String? = nil
    ) {
        self.address = address
        self.kind = kind
        self.fields = fields
        self.reason = reason
    }
}

/// What a drift check found.
package struct Drift: Hashable, Sendable {
    package let project: String
    package let findings: [DriftFinding]

    package init(project: String, findings: [DriftFinding]) {
        self.project = project
        self.findings = findings
    }

    package var summary: [DriftFinding.Kind: Int] {
        findings.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }
}

extension Planner {
    /// Compares observed with recorded, and desired with recorded, each apart.
    package func drift(_ input: PlanInput) -> Drift {
        let recorded = input.document.resources.filter { input.includes($0.key) }
        let observed = input.observed.filter { input.includes($0.key) }
        var findings: [DriftFinding] = []
        for (address, left) in recorded {
            guard let real = observed[address] else {
                findings.append(DriftFinding(address, .missing))
                continue
            }
            let fields = differences(from: left, to: real)
            let complaint = complaint(about: real)
            if !fields.isEmpty || complaint != nil {
                findings.append(
                    DriftFinding(address, .changed, fields: fields, reason: complaint))
            }
        }
        for address in observed.keys where recorded[address] == nil {
            findings.append(DriftFinding(address, .unmanaged))
        }
        return Drift(
            project: input.document.project,
            findings: (findings + pending(input, recorded)).sorted {
                ($0.address, $0.kind.rawValue) < ($1.address, $1.kind.rawValue)
            })
    }

    private func complaint(about real: ObservedResource) -> String? {
        guard real.address == real.address.runner else { return nil }
        return RunnerVersion.complaint(about: real["version"]?.string)
            .map { "\($0). \(RunnerVersion.remedy)" }
    }

    /// What the specs want beyond what was recorded, as if the world were as recorded.
    private func pending(
        _ input: PlanInput, _ recorded: [Address: RecordedResource]
    ) -> [DriftFinding] {
        var asRecorded = input
        asRecorded.observed = recorded.mapValues {
            ObservedResource($0.address, id: $0.id, attributes: $0.attributes)
        }
        // Whether something is wanted at all is the world's to say.
        for condition in input.desired.compactMap(\.condition) {
            guard let real = input.observed[condition.address] else { continue }
            asRecorded.observed[condition.address]?.attributes[condition.attribute] =
                real[condition.attribute]
        }
        asRecorded.awaitingBoot = []
        return plan(asRecorded).effective.map { change in
            DriftFinding(
                change.address, .pending,
                fields: change.fields.filter { !$0.isSecret }.map {
                    .init(path: $0.path, recorded: $0.before, actual: $0.after)
                }, reason: change.reason)
        }
    }
}
