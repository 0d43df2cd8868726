package import Foundation
import Planning
import Resources
import Services

extension PlanReport {
    /// One page that needs no network and reads on a phone, with a card for each service that
    /// changes.
    package func html(at now: Date) -> String {
        let moment = "As of <time>\(now.formatted(.iso8601))</time>."
        return HTMLPage(
            title: "Plan of \(plan.project)",
            lead: "\((plan.isEmpty ? noChanges : total).html) \(moment)",
            body: services.map(card).joined(separator: "\n"), closing: closing.map(\.html)
        ).text
    }

    private func card(_ part: Part) -> String {
        let boots = part.boots.map {
            (Change.Action.update.rawValue, [$0.withinService, Self.bootWords].asLines)
        }
        return HTMLPage.card(
            part.service,
            badge: (grade(part), counted(part.changes.count + part.boots.count, "change")),
            lead: part.summary.html,
            facts: part.changes.map { ($0.action.rawValue, description(of: $0)) } + boots)
    }

    private func grade(_ part: Part) -> String {
        if part.changes.contains(where: \.removesObject) { return "bad" }
        return part.changes.contains(where: \.restarts) ? "warn" : "good"
    }

    private func description(of change: Change) -> String {
        [change.address.withinService, headline(change)].asLines
            + fields(of: change).map { field in
                "<br>" + "\(field.path): \(field.words)".html
                    + HTMLPage.preformatted(field.lines)
            }.joined()
    }
}

extension [String] {
    /// As HTML, one below the other.
    var asLines: String { map(\.html).joined(separator: "<br>") }
}
