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

    /// - Parameter width: of the terminal, in columns; longer lines go on below their beginning.
    package func text(_ style: Style = .plain, width: Int = .max) -> String {
        let body =
            plan.isEmpty
            ? [Paragraph(noChanges)]
            : services.flatMap { lines(for: $0, style) + [Paragraph("")] } + [Paragraph(total)]
        return (body + closing.map { Paragraph($0) }).map { $0.text(width: width) + "\n" }.joined()
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
    private var services: [Part] {
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

    private func lines(for part: Part, _ style: Style) -> [Paragraph] {
        let width = (part.changes.map(\.address) + part.boots).map(\.withinService.count).max() ?? 0
        func line(_ action: Change.Action, _ address: Address, _ words: String) -> Paragraph {
            let rest =
                "\(action.rawValue.padded(to: Change.Action.width))  "
                + "\(address.withinService.padded(to: width))  "
            return Paragraph(words, after: "  \(style.mark(action)) \(rest)")
        }
        return [Paragraph("\(style.bold(part.service)): \(part.summary)")]
            + part.changes.flatMap { change in
                [line(change.action, change.address, headline(change))] + fieldLines(change)
            }
            + part.boots.map { line(.update, $0, Self.bootWords) }
            + (part.loss.map { LossWords(loss: $0).paragraphs } ?? [])
    }

    private static let bootWords = "remove what it booted from: its runner is online"

    /// Why, in a few words, and what it does to the machine.
    private func headline(_ change: Change) -> String {
        let reason =
            isListed(change) && change.action != .create
            ? change.fields.count > 1
                ? counted(change.fields.count, "field") : "\(change.fields[0].path) changed"
            : change.reason
        return [reason, change.effect].compactMap { $0 }.joined(separator: "; ")
    }

    /// True when the fields stand on lines of their own.
    private func isListed(_ change: Change) -> Bool {
        switch change.action {
        case .create: true
        case .update, .replace:
            !change.hasPlight
                && (change.fields.count > 1 || change.fields.contains { $0.lines != nil })
        default: false
        }
    }

    private func fieldLines(_ change: Change) -> [Paragraph] {
        guard isListed(change) else { return [] }
        let width = change.fields.map(\.path.count).max() ?? 0
        return change.fields.flatMap { field in
            let origin = field.origin(change.desired, change.recorded).map { " (\($0))" } ?? ""
            let lines = change.action == .create ? nil : field.lines
            let words =
                lines == nil ? words(for: field, isNew: change.action == .create) : "changed"
            return [
                Paragraph(
                    words + origin + consequence(of: field, in: change.action),
                    after: "      \(field.path.padded(to: width))  ")
            ] + (lines ?? []).map { Paragraph("", after: "        \($0)") }
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
        let words = Self.words(for: plan.summary, boots: plan.bootsToFinish.count)
        let unchanged = plan.summary[.noOp, default: 0]
        return "Plan: " + (words + ["\(unchanged) unchanged"]).joined(separator: ", ") + "."
    }

    /// "1 to replace", "2 boots to finish".
    private static func words(for counts: [Change.Action: Int], boots: Int) -> [String] {
        Change.Action.counted.compactMap { action in
            counts[action].map { "\($0) to \(action.rawValue)" }
        } + (boots > 0 ? ["\(counted(boots, "boot")) to finish"] : [])
    }

    /// What no service's loss tells of already.
    private var kept: [String] {
        let told = Set(plan.losses.flatMap(\.keptData).map(\.address))
        let wanted = plan.wantedServices
        let rest = plan.keptForData.filter { !told.contains($0) }
        return Dictionary(grouping: rest) { wanted.contains($0.service) ? "converge" : "destroy" }
            .sorted { $0.key < $1.key }.map { verb, addresses in
                let services = addresses.map(\.service).withoutRepetition
                return "Kept, since data is on it: "
                    + addresses.map(\.description).joined(separator: ", ")
                    + " (`launch \(verb) \(services.joined(separator: " ")) --with-data` "
                    + "deletes it)."
            }
    }

    private var upgrades: [String] {
        plan.upgrades.map {
            "\($0.address): a newer image is published, \($0.offered). The next replacement takes "
                + "it, or `launch converge --upgrade-image \($0.address.service)` now."
        }
    }

    private var closing: [String] {
        kept + upgrades + cost + [requests.sentence]
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
            noun: "change",
            closing: LossWords.markdown(plan.losses) + closing.map(\.markdown)
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
