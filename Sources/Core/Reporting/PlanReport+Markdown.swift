import Planning
import Resources

extension PlanReport {
    /// Fits a comment of GitHub, removals first; what does not fit is counted.
    package var markdown: String {
        MarkdownPage(
            title: "Launch plan", lead: (plan.isEmpty ? noChanges : total).markdown,
            columns: ["action", "object", "why"],
            rows: plan.effective.map(row)
                + plan.bootsToFinish.sorted().map {
                    ["update", $0.description.markdownCode, Self.bootWords]
                },
            noun: "change", differences: plan.effective.flatMap(differences),
            closing: LossWords.markdown(plan.losses) + closing.map(\.markdown)
        ).text
    }

    private func row(_ change: Change) -> [String] {
        [
            change.removesObject ? "**\(change.action.rawValue)**" : change.action.rawValue,
            change.address.description.markdownCode,
            [change.reason.markdown, change.effect].compactMap { $0 }.joined(separator: "; "),
        ]
    }

    private func differences(in change: Change) -> [MarkdownDifference] {
        fields(of: change).filter { !$0.lines.isEmpty }.map {
            MarkdownDifference(address: change.address, path: $0.path, lines: $0.lines)
        }
    }
}
