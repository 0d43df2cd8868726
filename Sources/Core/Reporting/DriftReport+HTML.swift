package import Foundation
import Planning
import Resources
import Services

extension DriftReport {
    /// One page that needs no network and reads on a phone, with a card for each service.
    package func html(at now: Date) -> String {
        let moment = "As of <time>\(now.formatted(.iso8601))</time>."
        let services = Dictionary(grouping: drift.findings, by: \.address.service)
            .sorted { $0.key < $1.key }
        let cards = services.map(card) + (drift.exempt.isEmpty ? [] : [exemptCard])
        return HTMLPage(
            title: "Drift in \(drift.project)",
            lead: "\((drift.findings.isEmpty ? Self.nothing : total).html) \(moment)",
            body: cards.joined(separator: "\n")
        ).text
    }

    private func card(_ service: String, _ findings: [DriftFinding]) -> String {
        article(
            service, badge: (findings.contains { $0.kind == .missing } ? "bad" : "warn", findings),
            findings.map { finding in
                let differences = finding.listedFields.compactMap(\.lines)
                return (
                    finding.kind.rawValue,
                    ([finding.address.withinService] + finding.details).asLines
                        + differences.map(HTMLPage.preformatted).joined()
                )
            })
    }

    private var exemptCard: String {
        article(
            "Ignored", badge: ("good", drift.exempt.map(\.finding)),
            drift.exempt.map { ("ignored", $0.words.html) })
    }

    private func article(
        _ title: String, badge: (grade: String, findings: [DriftFinding]),
        _ facts: [(label: String, value: String)]
    ) -> String {
        HTMLPage.card(
            title, badge: (badge.grade, counted(badge.findings.count, "finding")), facts: facts)
    }
}
