import Foundation
import Planning
import Reporting
import Resources
import TestSupport
import Testing

/// What holds of the reports about one, twenty and a thousand services, as readers that are not
/// ours see them.
@Suite(.enabled(if: RenderedReport.isPossible, "no python3 with cmarkgfm and html5lib"))
struct ManyServicesTests {
    private static let moment = Date(timeIntervalSince1970: 1_760_000_000)

    private func report(_ plan: Plan) -> PlanReport {
        PlanReport(plan, requests: [.aws: 4, .github: 1])
    }

    private func summary(_ json: String) throws -> [String: Int] {
        let document = try #require(Value(json: Array(json.utf8)))
        return (document["summary"]?.object ?? [:]).compactMapValues(\.integer)
    }

    /// "Plan: 2 to replace, 3 unchanged." as the counts that it says.
    private func counts(in line: String) -> [String: Int] {
        let names = ["unchanged": "no_op"]
        let pairs = line.matches(of: /(\d+) (?:to )?([a-z]+)/).compactMap { match in
            Int(match.1).map { (names[String(match.2)] ?? String(match.2), $0) }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first }).filter {
            $0.key != "boot" && $0.key != "boots"
        }
    }

    /// "… and 12 more changes; …" as 12.
    private func missing(_ noun: String, in page: RenderedReport) -> Int {
        page.paragraphs.compactMap {
            $0.firstMatch(of: /^… and (\d+) more ([a-z]+?)s?;/)
        }.filter { $0.2 == noun }.compactMap { Int($0.1) }.reduce(0, +)
    }

    @Test(arguments: [1, 20, 1_000]) func aPlanSaysTheSameInEveryForm(services: Int) throws {
        let plan = Fleet(count: services).plan
        let report = report(plan)
        let expected = try summary(report.json).filter { $0.value > 0 || $0.key == "no_op" }
        let page = try RenderedReport(html: report.html(at: Self.moment))
        let total = try #require(
            report.text().split(separator: "\n").first {
                $0.hasPrefix("Plan: ")
            })
        #expect(counts(in: String(total)) == expected)
        let lead = try #require(page.paragraphs.first?.split(separator: " As of").first)
        #expect(counts(in: String(lead)) == expected)
        let markdown = try RenderedReport(markdown: report.markdown)
        #expect(counts(in: markdown.paragraphs.first ?? "") == expected)
    }

    @Test(arguments: [1, 20, 1_000]) func thePlansMarkdownIsWhole(services: Int) throws {
        let plan = Fleet(count: services).plan
        let markdown = report(plan).markdown
        #expect(markdown.utf8.count < 65_536)
        let page = try RenderedReport(markdown: markdown)
        #expect(page.errors == [])
        #expect(page.headings == ["Launch plan"])

        // The rows are the plan's own, removals first, up to where they end.
        #expect(page.tables.count == 1)
        let rows = page.tables[0].dropFirst().map { "\($0[0]) \($0[1])" }
        let changes =
            plan.effective.map { "\($0.action.rawValue) \($0.address)" }
            + plan.bootsToFinish.sorted().map { "update \($0)" }
        #expect(rows == Array(changes.prefix(rows.count)))
        #expect(rows.count + missing("change", in: page) == changes.count)
        #expect(rows.count >= plan.changes.count { $0.removesObject })
        #expect(services > 20 || rows.count == changes.count)

        // Whatever a text holds, it ends no fence and no fold.
        let texts = plan.effective.filter { $0.fields.contains { $0.path == "text" } }
            .filter { $0.action == .update }
        #expect(page.folds.count + missing("difference", in: page) == texts.count)
        #expect(page.folds.allSatisfy { $0.count == 2 && $0[1].contains(" </details>\n") })
        #expect(page.preformatted.count == page.folds.count)
        #expect(services != 20 || page.folds.count == 4)
    }

    @Test(arguments: [1, 20, 1_000]) func theDriftsMarkdownIsWhole(services: Int) throws {
        let drift = Fleet(count: services).drift
        let markdown = DriftReport(drift).markdown
        #expect(markdown.utf8.count < 65_536)
        let page = try RenderedReport(markdown: markdown)
        #expect(page.errors == [])
        let rows = page.tables[0].dropFirst().map { "\($0[0]) \($0[1])" }
        let findings = drift.findings.map { "\($0.kind.rawValue) \($0.address)" }
        #expect(rows == Array(findings.prefix(rows.count)))
        #expect(rows.count + missing("finding", in: page) == findings.count)
        #expect(page.folds.allSatisfy { $0.count == 2 })
        #expect(
            counts(in: page.paragraphs.first ?? "")
                == (try summary(DriftReport(drift).json)).filter { $0.value > 0 })
    }

    @Test(arguments: [1, 20, 1_000]) func thePagesAreHTML(services: Int) throws {
        let fleet = Fleet(count: services)
        let plan = try RenderedReport(html: report(fleet.plan).html(at: Self.moment))
        #expect(plan.errors == [])
        #expect(plan.headings == ["Plan of garden"])
        let changing = Set(
            fleet.plan.effective.map(\.service) + fleet.plan.bootsToFinish.map(\.service))
        #expect(Set(plan.cards.map { $0[0] }) == changing)
        #expect(
            plan.definitions.count
                == fleet.plan.effective.count + fleet.plan.bootsToFinish.count)

        let drift = try RenderedReport(html: DriftReport(fleet.drift).html(at: Self.moment))
        #expect(drift.errors == [])
        let services = Set(fleet.drift.findings.map(\.address.service))
        let ignored: Set = fleet.drift.exempt.isEmpty ? [] : ["Ignored"]
        #expect(Set(drift.cards.map { $0[0] }) == services.union(ignored))
        #expect(
            drift.definitions.count == fleet.drift.findings.count + fleet.drift.exempt.count)
        #expect(plan.preformatted.allSatisfy { $0.contains(" </details>\n") })
    }

    @Test(
        .enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"),
        arguments: [1, 20, 1_000])
    func theDocumentsFitTheirSchemas(services: Int) throws {
        let fleet = Fleet(count: services)
        #expect(try PublishedSchema("plan").complaint([report(fleet.plan).json]) == nil)
        #expect(try PublishedSchema("drift").complaint([DriftReport(fleet.drift).json]) == nil)
    }
}
