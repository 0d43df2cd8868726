package import Planning
package import Resources

/// A plan for people and for programs.
package struct PlanReport: Sendable {
    let plan: Plan
    let requests: RequestCount

    /// - Parameter requests: how many requests observing took, by provider.
    package init(_ plan: Plan, requests: [ProviderName: Int]) {
        self.plan = plan
        self.requests = RequestCount(requests)
    }

    // MARK: - Text

    package func text(_ style: Style = .plain) -> String {
        let body =
            plan.isEmpty
            ? [noChanges]
            : services.flatMap { lines(for: $0, style) + [""] } + [total]
        return (body + closing).joined(separator: "\n") + "\n"
    }

    private var noChanges: String {
        let count = plan.changes.count
        return "No changes. \(counted(count, "object")) \(count == 1 ? "is" : "are") "
            + "as the specs say."
    }

    /// One service's part of the plan.
    private struct Part {
        let service: String
        var changes: [Change] = []
        var boots: [Address] = []
    }

    /// Services with removals first, as the plan orders its changes.
    private var services: [Part] {
        var parts: [Part] = []
        var places: [String: Int] = [:]
        func place(_ service: String) -> Int {
            if let place = places[service] { return place }
            parts.append(Part(service: service))
            places[service] = parts.count - 1
            return parts.count - 1
        }
        for change in plan.effective { parts[place(change.service)].changes.append(change) }
        for boot in plan.bootsToFinish.sorted() { parts[place(boot.service)].boots.append(boot) }
        return parts
    }

    private func lines(for part: Part, _ style: Style) -> [String] {
        let width = (part.changes.map(\.address) + part.boots).map(\.withinService.count).max() ?? 0
        func line(_ action: Change.Action, _ address: Address, _ words: String) -> String {
            "  \(style.mark(action)) \(action.rawValue.padded(to: Change.Action.width))  "
                + "\(address.withinService.padded(to: width))  \(words)"
        }
        return [style.bold(part.service)]
            + part.changes.flatMap { change in
                [line(change.action, change.address, headline(change))] + fieldLines(change)
            }
            + part.boots.map { line(.update, $0, Self.bootWords) }
    }

    private static let bootWords = "remove what it booted from: its runner is online"

    /// Why, in a few words, and what it does to the machine.
    private func headline(_ change: Change) -> String {
        let reason =
            isListed(change) && change.action != .create
            ? counted(change.fields.count, "field") : change.reason
        return [reason, change.effect].compactMap { $0 }.joined(separator: "; ")
    }

    /// True when the fields stand on lines of their own.
    private func isListed(_ change: Change) -> Bool {
        switch change.action {
        case .create: true
        case .update, .replace: change.fields.count > 1 && !change.hasPlight
        default: false
        }
    }

    private func fieldLines(_ change: Change) -> [String] {
        guard isListed(change) else { return [] }
        let width = change.fields.map(\.path.count).max() ?? 0
        return change.fields.map { field in
            let origin = change.desired?.origins[field.path].map { " (\($0))" } ?? ""
            return "      \(field.path.padded(to: width))  "
                + words(for: field, isNew: change.action == .create) + origin
                + consequence(of: field, in: change.action)
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

    private var total: String {
        let parts = Change.Action.counted.compactMap { action in
            plan.summary[action].map { "\($0) to \(action.rawValue)" }
        }
        let boots = plan.bootsToFinish.count
        let finishing = boots > 0 ? ["\(counted(boots, "boot")) to finish"] : []
        let unchanged = plan.summary[.noOp, default: 0]
        return "Plan: " + (parts + finishing + ["\(unchanged) unchanged"]).joined(separator: ", ")
            + "."
    }

    private var kept: String? {
        guard !plan.keptForData.isEmpty else { return nil }
        return "Kept, since data is on it: "
            + plan.keptForData.map(\.description).joined(separator: ", ")
            + " (--with-data deletes it)."
    }

    private var upgrades: [String] {
        plan.upgrades.map {
            "\($0.address): a newer image is published, \($0.offered). The next replacement takes "
                + "it, or `launch converge --upgrade-image \($0.address.service)` now."
        }
    }

    private var closing: [String] {
        [kept].compactMap { $0 } + upgrades + cost + [requests.sentence]
    }

    private var cost: [String] { plan.cost.map { CostWords(forecast: $0).lines } ?? [] }

    // MARK: - Markdown

    /// Fits a GitHub comment; what does not fit is counted.
    package var markdown: String {
        MarkdownPage(
            title: "Launch plan", lead: (plan.isEmpty ? noChanges : total).markdown,
            columns: ["action", "object", "why"],
            rows: plan.effective.map(row)
                + plan.bootsToFinish.sorted().map {
                    ["update", $0.description.markdownCode, Self.bootWords]
                },
            noun: "change", closing: closing.map(\.markdown)
        ).text
    }

    private func row(_ change: Change) -> [String] {
        return [
            change.removesObject ? "**\(change.action.rawValue)**" : change.action.rawValue,
            change.address.description.markdownCode,
            [change.reason.markdown, change.effect].compactMap { $0 }.joined(separator: "; "),
        ]
    }
}

extension Address {
    /// What the address says besides the service.
    var withinService: String { key.map { "\(kind)/\($0)" } ?? kind.description }
}
