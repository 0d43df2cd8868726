package import Foundation
package import Resources
package import Services

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
    /// The same as long as the finding is: of the object, the kind and what really is, under the
    /// project's key.
    package fileprivate(set) var fingerprint: String
    /// For `pending`, `recorded` is what is and `actual` what the spec wants.
    package fileprivate(set) var fields: [FieldDifference]
    /// For `pending`, the change's own reason: "new", "height: 12 → 10 (size)". For `changed`,
    /// what is wrong beyond its fields, and what helps.
    package let reason: String?
    /// The last day of an exemption that covered it and is over.
    package var lapsed: String?
    /// Who did it, and when, where the provider knows.
    package var change: Attribution?

    package init(
        _ address: Address, _ kind: Kind, fields: [FieldDifference] = [], reason: String? = nil,
        fingerprint: String = ""
    ) {
        self.address = address
        self.kind = kind
        self.fields = fields
        self.reason = reason
        self.fingerprint = fingerprint
    }

    /// The same, about some of its fields.
    fileprivate func about(_ fields: [FieldDifference]) -> DriftFinding {
        var finding = self
        finding.fields = fields
        return finding
    }
}

/// A finding that nobody is to be told of for a while.
package struct ExemptFinding: Hashable, Sendable {
    package let finding: DriftFinding
    package let exemption: DriftExemption

    package init(_ finding: DriftFinding, _ exemption: DriftExemption) {
        self.finding = finding
        self.exemption = exemption
    }
}

/// What a drift check found.
package struct Drift: Hashable, Sendable {
    package let project: String
    package let findings: [DriftFinding]
    /// What `drift.ignore` covers.
    package let exempt: [ExemptFinding]

    package init(project: String, findings: [DriftFinding], exempt: [ExemptFinding] = []) {
        self.project = project
        self.findings = findings
        self.exempt = exempt
    }

    /// Parts what exemptions cover from the rest; one that is over covers nothing, and says so.
    package func exempting(_ exemptions: [DriftExemption], at now: Date) -> Drift {
        var (left, exempt) = ([DriftFinding](), [ExemptFinding]())
        for finding in findings {
            var rest: DriftFinding? = finding
            for exemption in exemptions where exemption.address == finding.address {
                guard let (covered, others) = rest?.parted(by: exemption) else { continue }
                if exemption.end <= now {
                    rest?.lapsed = exemption.day
                } else {
                    exempt.append(ExemptFinding(covered, exemption))
                    rest = others
                }
            }
            if let rest { left.append(rest) }
        }
        return Drift(project: project, findings: left, exempt: exempt)
    }

    /// The same with who did it; what is only pending, nobody did.
    package func attributed(to changes: [Address: Attribution]) -> Drift {
        let findings = findings.map { finding in
            var finding = finding
            if finding.kind != .pending { finding.change = changes[finding.address] }
            return finding
        }
        return Drift(project: project, findings: findings, exempt: exempt)
    }

    package var summary: [DriftFinding.Kind: Int] {
        findings.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }
}

extension DriftFinding {
    /// What an exemption covers of it, and what not; `nil` when it covers nothing.
    fileprivate func parted(
        by exemption: DriftExemption
    ) -> (covered: DriftFinding, others: DriftFinding?)? {
        guard !exemption.fields.isEmpty else { return (self, nil) }
        let covered = fields.filter { exemption.fields.contains($0.path) }
        let others = fields.filter { !exemption.fields.contains($0.path) }
        guard !covered.isEmpty else { return nil }
        return (about(covered), others.isEmpty ? nil : about(others))
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
            findings: (findings + pending(input, recorded)).map(fingerprinted).sorted {
                ($0.address, $0.kind.rawValue) < ($1.address, $1.kind.rawValue)
            })
    }

    /// Short, for it is only told from the project's other findings.
    private func fingerprinted(_ finding: DriftFinding) -> DriftFinding {
        let fields = finding.fields.map { "\($0.path)=\(($0.actual ?? .null).plainText)" }.sorted()
        let identity = ["\(finding.address)", finding.kind.rawValue] + fields
        let digest = fingerprints.fingerprint(of: Secret(identity.joined(separator: "\n")))
        var finding = finding
        finding.fingerprint = String(digest.prefix(16))
        return finding
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
