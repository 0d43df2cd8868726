import Planning
package import Reconciling
import Resources

/// Which objects change hands, for people and for programs.
package struct AdoptionReport: Sendable {
    /// Objects that nothing is done with, and why; or what comes along.
    package struct Section: Sendable {
        package enum Topic: String, Sendable { case tainted, along, left }

        let topic: Topic
        let rows: [(object: String, words: String)]

        package init(_ topic: Topic, _ rows: [(object: String, words: String)]) {
            self.topic = topic
            self.rows = rows
        }
    }

    let project: String
    let source: String
    let plan: AdoptionPlan?
    let sections: [Section]

    /// - Parameters:
    ///   - source: a sentence on where the objects were read.
    ///   - plan: `nil` when nothing can be adopted.
    ///   - sections: what else was read.
    package init(
        _ source: String, _ plan: AdoptionPlan?, _ sections: [Section], project: String
    ) {
        self.project = project
        self.source = source
        self.plan = plan
        self.sections = sections
    }

    /// - Parameter width: of the terminal, in columns.
    package func text(_ style: Style = .plain, width: Int = .max) -> String {
        var lines = [Paragraph(source), Paragraph("")]
        let entries = plan?.entries ?? []
        for (service, entries) in Dictionary(grouping: entries, by: \.candidate.address.service)
            .sorted(by: { $0.key < $1.key })
        {
            lines.append(Paragraph("\(style.bold(service)):"))
            lines += entries.flatMap { self.lines(for: $0, among: entries, style) }
            lines.append(Paragraph(""))
        }
        for section in sections where !section.rows.isEmpty {
            lines.append(Paragraph("\(style.bold(section.topic.title)):"))
            let width = section.rows.map(\.object.count).max() ?? 0
            lines += section.rows.map {
                Paragraph($0.words, after: "  \($0.object.padded(to: width))  ")
            }
            lines.append(Paragraph(""))
        }
        lines += ([total] + afterwards).map { Paragraph($0) }
        return lines.map { $0.text(width: width) + "\n" }.joined()
    }

    private func lines(
        for entry: AdoptionPlan.Entry, among entries: [AdoptionPlan.Entry], _ style: Style
    ) -> [Paragraph] {
        let widths = (
            entries.map(\.candidate.address.withinService.count).max() ?? 0,
            entries.map(\.candidate.id.count).max() ?? 0
        )
        let candidate = entry.candidate
        let rest =
            "\(entry.fate.word.padded(to: AdoptionPlan.Entry.Fate.width))  "
            + "\(candidate.address.withinService.padded(to: widths.0))  "
            + "\(candidate.id.padded(to: widths.1))  "
        let mark = entry.fate == .adopted ? " " : style.mark(.adopt)
        return [Paragraph(candidate.origin, after: "  \(mark) \(rest)")]
            + then(entry).map { Paragraph($0, after: "      ") }
    }

    /// What the next converge would do with it.
    private func then(_ entry: AdoptionPlan.Entry) -> [String] {
        if entry.changes.isEmpty { return ["then: nothing, it is as the spec says"] }
        return entry.changes.map { change in
            let other =
                change.address == entry.candidate.address
                ? "" : " \(change.address.withinService)"
            let effect = change.effect.map { "; \($0)" } ?? ""
            return "then: \(change.action.rawValue)\(other): \(change.reason)\(effect)"
        }
    }

    private var total: String {
        guard let plan, !plan.entries.isEmpty else {
            return "Nothing of it is the specs'; nothing is written."
        }
        let counts = plan.summary
        let words = AdoptionPlan.Entry.Fate.allCases.compactMap { fate in
            counts[fate].map { "\($0) \(fate.phrase)" }
        }
        return "Adoption: \(words.joined(separator: ", ")). It puts marks on them and writes the "
            + "state; nothing is created, changed or deleted."
    }

    private var afterwards: [String] {
        guard let changes = plan?.afterwards else { return [] }
        let words = Change.Action.counted.compactMap { action in
            changes.summary[action].map { "\($0) to \(action.rawValue)" }
        }
        return [
            words.isEmpty
                ? "Afterwards `launch converge` has nothing to do."
                : "Afterwards `launch converge` would have \(words.joined(separator: ", ")); "
                    + "`launch plan` shows it."
        ]
    }
}

extension AdoptionReport.Section.Topic {
    fileprivate var title: String {
        switch self {
        case .tainted: "Tainted"
        case .along: "Along with them"
        case .left: "Left to Terraform"
        }
    }
}

extension AdoptionPlan.Entry.Fate {
    fileprivate static let width = "adopted".count

    fileprivate var word: String {
        switch self {
        case .adopt: "adopt"
        case .record: "record"
        case .adopted: "adopted"
        }
    }

    fileprivate var phrase: String {
        switch self {
        case .adopt: "to adopt"
        case .record: "marked already, to record"
        case .adopted: "already adopted"
        }
    }
}
