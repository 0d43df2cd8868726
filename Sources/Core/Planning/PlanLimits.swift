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
    ///
    /// - Parameter specified: the services that have a spec.
    package func violations(
        limits: Limits, allowing allowances: Allowances = Allowances(), kinds: KindCatalogue,
        withData: Bool, specified: Set<String>
    ) -> [PlanViolation] {
        excess("delete", .delete, allowances.deletes ?? limits.deletes)
            + excess("replace", .replace, allowances.replaces ?? limits.replaces)
            + expense(allowances.monthlyUSD ?? limits.monthlyUSD)
            + protection(kinds, specified) + haste(kinds) + usurpation
            + (withData ? [] : dataLoss(kinds))
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

    /// What was recorded or is seen of an object counts as much as its spec, which may be gone.
    /// Data is guarded with any object of its service.
    private func protection(_ kinds: KindCatalogue, _ specified: Set<String>) -> [PlanViolation] {
        let guarded = Set(changes.filter(\.isProtected).map(\.service))
        return changes.filter { change in
            change.removesObject
                && (change.isProtected
                    || guarded.contains(change.service) && change.losesData(kinds))
        }.map { change in
            PlanViolation(
                message:
                    "\(change.address) is protected, and the plan would \(change.action.rawValue) it",
                remedy: Self.remedy(
                    forProtected: change.service, hasSpec: specified.contains(change.service)))
        }
    }

    private static func remedy(forProtected service: String, hasSpec: Bool) -> String {
        let folder = "services/\(service)"
        guard !hasSpec else {
            return "Set `protect: false` in \(folder)/service.yaml, run `launch converge "
                + "\(service)`, then this again."
        }
        return "\(folder) is gone; bring it back as it last was: `git restore --source=\"$(git log "
            + "-1 --diff-filter=AM --format=%h -- \(folder))\" -- \(folder)`. Set `protect: false` "
            + "in its service.yaml, run `launch converge \(service)`, and take it away again."
    }

    /// What cannot come with a rename: a replacement takes over what bears its own mark, and a
    /// runner that registers anew after each job does so under its old name and labels.
    private func haste(_ kinds: KindCatalogue) -> [PlanViolation] {
        changes.compactMap { change in
            guard let former = change.former, let observed = change.observed else { return nil }
            let kind = kinds.kind(of: change.address)
            if change.action == .replace, kind.handsDataOn, kind.holdsData(observed) {
                return PlanViolation(
                    message: "\(change.address) holds data, and the plan would rename it from "
                        + "\(former) and replace it in one go (\(change.reason))",
                    remedy: "Converge the new name alone first, and then what has it replaced.")
            }
            guard observed["ephemeral"] == true, change.desired?["ephemeral"] == true else {
                return nil
            }
            return PlanViolation(
                message: "\(former) registers anew after each job, under its old name and labels",
                remedy: "Rename \(former.service) with `runner: persistent`, and set that back "
                    + "afterwards.")
        }
    }

    /// A service that was renamed keeps what bears its old name, which another service may take.
    private var usurpation: [PlanViolation] {
        displaced.sorted { $0.key < $1.key }.map { newcomer, holder in
            PlanViolation(
                message: "\(newcomer) would take the place of \(holder), which has kept its name "
                    + "since \(holder.service) was renamed",
                remedy: "Give \(newcomer.service) another name; or have \(holder.service) made "
                    + "anew first: `launch destroy \(holder.service)`, which keeps its data, then "
                    + "`launch converge \(holder.service)`.")
        }
    }

    private func dataLoss(_ kinds: KindCatalogue) -> [PlanViolation] {
        let staying = wantedServices
        return changes.filter { $0.losesData(kinds) }.map { change in
            let verb = staying.contains(change.service) ? "converge" : "destroy"
            return PlanViolation(
                message: "\(change.address) holds data, and the plan would "
                    + "\(change.action.rawValue) it (\(change.reason))",
                remedy: "Save the data, then run `launch \(verb) \(change.service) --with-data`.")
        }
    }
}

extension Change {
    fileprivate var isProtected: Bool {
        [observed?["protect"], recorded?.attributes["protect"], desired?["protect"]].contains(true)
    }
}
