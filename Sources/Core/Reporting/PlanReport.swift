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

    private func fieldLines(_ change: Change) -> [Paragraph] {
        let fields = fields(of: change)
        let width = fields.map(\.path.count).max() ?? 0
        return fields.flatMap { field in
            [
                Paragraph(field.words, after: "      \(field.path.padded(to: width))  ")
            ] + field.lines.map { Paragraph("", after: "        \($0)") }
        }
    }

    // MARK: - For every form

    var noChanges: String {
        let count = plan.changes.count
        return "No changes. \(counted(count, "object")) \(count == 1 ? "is" : "are") "
            + "as the specs say."
    }

    var total: String {
        let words = Self.words(for: plan.summary, boots: plan.bootsToFinish.count)
        let unchanged = plan.summary[.noOp, default: 0]
        return "Plan: " + (words + ["\(unchanged) unchanged"]).joined(separator: ", ") + "."
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

    /// What stands below the changes.
    var closing: [String] {
        var lines = kept + plan.successions.map(\.sentence) + upgrades
        lines += cost
        return lines + [requests.sentence]
    }

    private var cost: [String] { plan.cost.map { CostWords(forecast: $0).lines } ?? [] }
}

extension Address {
    /// What the address says besides the service.
    var withinService: String { key.map { "\(kind)/\($0)" } ?? kind.description }
}
