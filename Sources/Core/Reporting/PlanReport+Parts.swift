import Planning
import Resources

extension PlanReport {
    /// One service's part of the plan.
    struct Part {
        let service: String
        var changes: [Change] = []
        var boots: [Address] = []
        var unchanged = 0
        var cost: CostForecast.Share?
        var loss: ServiceLoss?

        /// "1 to replace, 4 unchanged; about 5 min down; +18.26 USD a month".
        var summary: String {
            let counts = changes.reduce(into: [:]) { $0[$1.action, default: 0] += 1 }
            let rest = unchanged > 0 ? ["\(unchanged) unchanged"] : []
            let down = changes.compactMap(\.expectedDowntime).reduce(.zero, +)
            return [
                (PlanReport.words(for: counts, boots: boots.count) + rest).joined(separator: ", "),
                down > .zero ? "about \(down.rounded) down" : nil, cost?.difference,
            ].compactMap(\.self).joined(separator: "; ")
        }
    }

    /// Services with removals first, as the plan orders its changes.
    var services: [Part] {
        var parts: [Part] = []
        var places: [String: Int] = [:]
        let unchanged = plan.changes.reduce(into: [String: Int]()) { counts, change in
            if change.action == .noOp { counts[change.service, default: 0] += 1 }
        }
        let costs = Dictionary(
            (plan.cost?.shares ?? []).map { ($0.service, $0) },
            uniquingKeysWith: { first, _ in first })
        let losses = Dictionary(
            plan.losses.map { ($0.service, $0) }, uniquingKeysWith: { first, _ in first })
        func place(_ service: String) -> Int {
            if let place = places[service] { return place }
            parts.append(
                Part(
                    service: service, unchanged: unchanged[service, default: 0],
                    cost: costs[service], loss: losses[service]))
            places[service] = parts.count - 1
            return parts.count - 1
        }
        for change in plan.effective { parts[place(change.service)].changes.append(change) }
        for boot in plan.bootsToFinish.sorted() { parts[place(boot.service)].boots.append(boot) }
        return parts
    }

    /// "1 to replace", "2 boots to finish".
    static func words(for counts: [Change.Action: Int], boots: Int) -> [String] {
        Change.Action.counted.compactMap { action in
            counts[action].map { "\($0) to \(action.rawValue)" }
        } + (boots > 0 ? ["\(counted(boots, "boot")) to finish"] : [])
    }

    static let bootWords = "remove what it booted from: its runner is online"

    // MARK: - Fields

    /// One field of a change, in words.
    struct ShownField {
        let path: String
        /// "12 → 10 (size in services/web/service.yaml:3), restarts the machine".
        let words: String
        /// What changed of a text of several lines.
        let lines: [String]
    }

    /// The fields that stand on lines of their own; none where the reason says everything.
    func fields(of change: Change) -> [ShownField] {
        guard isListed(change) else { return [] }
        return change.fields.map { field in
            let origin = field.origin(change.desired, change.recorded).map { " (\($0))" } ?? ""
            let lines = change.action == .create ? nil : field.lines
            let words =
                lines == nil ? words(for: field, isNew: change.action == .create) : "changed"
            return ShownField(
                path: field.path,
                words: words + origin + consequence(of: field, in: change.action),
                lines: lines ?? [])
        }
    }

    /// Why, in a few words, and what it does to the machine.
    func headline(_ change: Change) -> String {
        let reason =
            isListed(change) && change.action != .create
            ? change.fields.count > 1
                ? counted(change.fields.count, "field") : "\(change.fields[0].path) changed"
            : change.reason
        let former = isListed(change) ? change.former.map { "renamed from \($0)" } : nil
        return [former, reason, change.effect].compactMap { $0 }.joined(separator: "; ")
    }

    private func isListed(_ change: Change) -> Bool {
        switch change.action {
        case .create: true
        case .update, .replace:
            !change.hasPlight
                && (change.fields.count > 1 || change.fields.contains { $0.lines != nil })
        default: false
        }
    }

    private func words(for field: FieldChange, isNew: Bool) -> String {
        if field.isSecret { return isNew ? "(secret)" : "(secret) changed" }
        return isNew ? (field.after ?? .null).inline : field.transition
    }

    private func consequence(of field: FieldChange, in action: Change.Action) -> String {
        switch (field.consequence, action) {
        case (.replace, .replace): ", forces the replacement"
        case (.restart, .update): ", restarts the machine"
        case (.live, .update): ", while the machine runs"
        case (.reissue, .update): ", has another one issued"
        default: ""
        }
    }
}
