import Foundation
import Resources
package import Services

/// A reason not to carry out a plan.
package struct PlanViolation: Hashable, Sendable {
    package let message: String
    package let remedy: String

    package init(message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}

/// What the person at the keyboard allows beyond `launch.yaml`'s limits.
package struct Allowances: Hashable, Sendable {
    package var deletes: Int?
    package var replaces: Int?
    package var monthlyUSD: Int?

    package init(deletes: Int? = nil, replaces: Int? = nil, monthlyUSD: Int? = nil) {
        self.deletes = deletes
        self.replaces = replaces
        self.monthlyUSD = monthlyUSD
    }
}

extension Plan {
    /// Why this plan may not be carried out: limits, `protect`, data that would be lost.
    package func violations(
        limits: Limits, allowing allowances: Allowances = Allowances(), kinds: KindCatalogue,
        withData: Bool
    ) -> [PlanViolation] {
        excess("delete", .delete, allowances.deletes ?? limits.deletes)
            + excess("replace", .replace, allowances.replaces ?? limits.replaces)
            + expense(allowances.monthlyUSD ?? limits.monthlyUSD)
            + changes.filter(\.removesObject).flatMap { change in
                protection(change) + (withData ? [] : dataLoss(change, kinds))
                    + haste(change, kinds)
            }
    }

    /// What a rename leaves behind is no loss.
    private func excess(_ verb: String, _ action: Change.Action, _ limit: Int?) -> [PlanViolation] {
        let count = changes.count { $0.action == action && $0.leftBy == nil }
        guard let limit, count > limit else { return [] }
        return [
            PlanViolation(
                message: "the plan would \(verb) \(count) \(count == 1 ? "object" : "objects"), "
                    + "and launch.yaml allows \(limit) (limits.\(verb)s)",
                remedy: "Check the plan; if it is right, run it again with "
                    + "--allow-\(verb)s \(count).")
        ]
    }

    /// A plan that lowers the bill is never in the way, even when that stays high.
    private func expense(_ limit: Int?) -> [PlanViolation] {
        guard let limit, let cost, cost.after.usd > Decimal(limit), cost.difference > 0
        else { return [] }
        return [
            PlanViolation(
                message: "the services would cost \(cost.after.usd.dollars) USD a month, and "
                    + "launch.yaml allows \(limit) (limits.monthly_usd)",
                remedy: "Choose smaller sizes; if the plan is right, raise limits.monthly_usd, or "
                    + "run it again with --allow-monthly-usd \(cost.after.wholeUSD).")
        ]
    }

    private func protection(_ change: Change) -> [PlanViolation] {
        let isProtected =
            change.observed?["protect"] == .boolean(true)
            || change.recorded?.attributes["protect"] == .boolean(true)
            || change.desired?["protect"] == .boolean(true)
        guard isProtected else { return [] }
        return [
            PlanViolation(
                message:
                    "\(change.address) is protected, and the plan would \(change.action.rawValue) it",
                remedy: "Set `protect: false` in the spec of \(change.service) and "
                    + "converge that first.")
        ]
    }

    /// A replacement takes over what bears its own mark.
    private func haste(_ change: Change, _ kinds: KindCatalogue) -> [PlanViolation] {
        let kind = kinds.kind(of: change.address)
        guard change.action == .replace, let former = change.former, kind.handsDataOn,
            change.observed.map(kind.holdsData) ?? false
        else { return [] }
        return [
            PlanViolation(
                message: "\(change.address) holds data, and the plan would rename it from "
                    + "\(former) and replace it in one go (\(change.reason))",
                remedy: "Converge the new name alone first, and then what has it replaced.")
        ]
    }

    private func dataLoss(_ change: Change, _ kinds: KindCatalogue) -> [PlanViolation] {
        let kind = kinds.kind(of: change.address)
        guard let observed = change.observed, kind.holdsData(observed),
            !(change.action == .replace && kind.handsDataOn)
        else { return [] }
        return [
            PlanViolation(
                message: "\(change.address) holds data, and the plan would "
                    + "\(change.action.rawValue) it (\(change.reason))",
                remedy: "Save the data, then run it again with --with-data.")
        ]
    }
}
