package import Planning
package import Reconciling
import Resources

/// A plan that was shown, to be carried out as it is or not at all.
///
/// It is bound to the state's serial, to the specs and to what was observed. What it holds is the
/// report, in which secrets and what is not known yet are left out.
package struct SavedPlan: Sendable {
    /// The services that it is about; `nil` is all.
    package let services: [String]?
    /// The services whose machines it replaces for a newer image.
    package let upgraded: [String]
    /// Digests of the specs, by service.
    private let specs: [String: String]
    private let plan: Value

    package init(_ plan: Plan, for goal: Goal) {
        services = goal.services?.sorted()
        upgraded = goal.upgraded.sorted()
        specs = goal.descriptions.mapValues(\.specDigest)
        // As it is read back: what is not known yet is nothing there.
        self.plan = Value(json: Array(PlanReport(plan, requests: [:]).json.utf8)) ?? .null
    }

    // MARK: - The file

    /// `nil` when it is none.
    package init?(json bytes: [UInt8]) {
        guard let document = Value(json: bytes), document["format_version"] == reportFormat,
            let plan = document["plan"], plan["changes"]?.list != nil,
            let specs = document["spec_digests"]?.object,
            let upgraded = document["upgraded"]?.list
        else { return nil }
        services = document["services"]?.list?.compactMap(\.string)
        self.upgraded = upgraded.compactMap(\.string)
        self.specs = specs.compactMapValues(\.string)
        self.plan = plan
    }

    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "plan": plan,
            "services": services.map { .list($0.map(Value.string)) } ?? .null,
            "spec_digests": .object(specs.mapValues(Value.string)),
            "upgraded": .list(upgraded.map(Value.string)),
        ]
        return document.document
    }

    // MARK: - Whether it still holds

    /// What has moved since the plan was made, each in a line; nothing when it still holds.
    package func movements(to now: Plan, for goal: Goal) -> [String] {
        let present = SavedPlan(now, for: goal)
        let names = Set(specs.keys).union(present.specs.keys).sorted()
        let edited = names.filter { specs[$0] != present.specs[$0] }
        let (old, new) = (changes, present.changes)
        return stateMovement(to: present) + edited.map { "the spec of \($0) has changed" }
            + Set(old.keys).union(new.keys).sorted().compactMap { address in
                Self.movement(address, from: old[address], to: new[address])
            }
    }

    /// A state that was never written has no lineage yet.
    private func stateMovement(to present: SavedPlan) -> [String] {
        if serial != present.serial {
            return ["the state has gone on from serial \(serial) to \(present.serial)"]
        }
        let isSame = serial == 0 || plan["lineage"] == present.plan["lineage"]
        return isSame ? [] : ["the state is another one"]
    }

    private var serial: Int { plan["serial"]?.integer ?? 0 }

    private var changes: [String: Value] {
        Dictionary(
            (plan["changes"]?.list ?? []).map { ($0["address"]?.string ?? "", $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Reasons are words only: a line that moved in a spec moves no plan.
    private static func movement(_ address: String, from old: Value?, to new: Value?) -> String? {
        let (before, after) = (old?["action"]?.string, new?["action"]?.string)
        guard before == after else {
            return "\(address): was to \(before ?? "stay unknown"), "
                + "is now to \(after ?? "stay unknown")"
        }
        let fields = Set(
            ["before", "after"].flatMap { side in
                let (left, right) = (old?[side]?.object ?? [:], new?[side]?.object ?? [:])
                return Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }
            })
        return fields.isEmpty
            ? nil : "\(address): \(fields.sorted().joined(separator: ", ")) not as it was"
    }
}
