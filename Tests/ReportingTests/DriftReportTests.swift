import Foundation
import Planning
import Reporting
import Resources
import Services
import TestSupport
import Testing

@Suite struct DriftReportTests {
    @Test func everyKindIsToldInWords() {
        #expect(
            DriftReport(Samples.drift).text() == """
                changed    web/aws.bed
                           soil   recorded loam, actual sand|`clay`
                           width  recorded 2, actual (none)
                pending    web/aws.bed
                           width  recorded 2, wanted 4
                unmanaged  web/aws.label: bears this project's mark, and the state does not know it
                missing    web/aws.plant: recorded, and not there any more
                pending    api/aws.bed: new

                Drift: 1 changed, 1 missing, 1 unmanaged, 2 pending.
                To revert it: `launch converge api web` makes it as the specs say.
                To keep it for a while: `drift.ignore` in launch.yaml, with the last day.
                To make it the rule: `launch drift --accept web/aws.bed` writes it into the spec.

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            DriftReport(Samples.drift).markdown == #"""
                ### Launch drift

                Drift: 1 changed, 1 missing, 1 unmanaged, 2 pending.

                | kind | object | what |
                | --- | --- | --- |
                | changed | `web/aws.bed` | soil: recorded loam, actual sand\|\`clay\`<br>\#
                width: recorded 2, actual (none) |
                | pending | `web/aws.bed` | width: recorded 2, wanted 4 |
                | unmanaged | `web/aws.label` | bears this project's mark, and the state does \#
                not know it |
                | missing | `web/aws.plant` | recorded, and not there any more |
                | pending | `api/aws.bed` | new |

                To revert it: `launch converge api web` makes it as the specs say.

                To keep it for a while: `drift.ignore` in launch.yaml, with the last day.

                To make it the rule: `launch drift --accept web/aws.bed` writes it into the spec.

                """#)
    }

    @Test func jsonHasEveryKey() {
        let drift = Drift(
            project: "garden",
            findings: [
                DriftFinding(
                    Samples.bed, .changed,
                    fields: [.init(path: "width", recorded: 2, actual: nil)], fingerprint: "0a1b")
            ])
        #expect(
            DriftReport(drift).json == """
                {
                  "findings" : [
                    {
                      "address" : "web/aws.bed",
                      "changed_at" : null,
                      "changed_by" : null,
                      "fields" : [
                        {
                          "actual" : null,
                          "path" : "width",
                          "recorded" : 2
                        }
                      ],
                      "fingerprint" : "0a1b",
                      "ignored_until" : null,
                      "kind" : "changed",
                      "reason" : null,
                      "service" : "web"
                    }
                  ],
                  "format_version" : 1,
                  "ignored" : [

                  ],
                  "project" : "garden",
                  "summary" : {
                    "changed" : 1,
                    "missing" : 0,
                    "pending" : 0,
                    "unmanaged" : 0
                  }
                }

                """)
    }

    private static func exempted(at moment: String) throws -> Drift {
        let bed = try #require(
            DriftExemption(
                Samples.bed, fields: ["width"], until: "2027-01-31", reason: "a <trial>\nof it"))
        let label = try #require(DriftExemption(Samples.label, until: "2027-02-01"))
        let now = try #require(Date(timestamp: moment))
        return Samples.drift.exempting([bed, label], at: now)
    }

    @Test func whatIsExemptIsToldApart() throws {
        let report = DriftReport(try Self.exempted(at: "2027-01-31T23:59:59.000Z"))
        #expect(
            report.text() == """
                changed    web/aws.bed
                           soil  recorded loam, actual sand|`clay`
                missing    web/aws.plant: recorded, and not there any more
                pending    api/aws.bed: new
                ignored    web/aws.bed (width) until 2027-01-31: a <trial>⏎of it
                ignored    web/aws.bed (width) until 2027-01-31: a <trial>⏎of it
                ignored    web/aws.label until 2027-02-01

                Drift: 1 changed, 1 missing, 1 pending.
                To revert it: `launch converge api web` makes it as the specs say.
                To keep it for a while: `drift.ignore` in launch.yaml, with the last day.
                To make it the rule: `launch drift --accept web/aws.bed` writes it into the spec.

                """)
        #expect(
            report.markdown.contains(
                #"Ignored: web/aws.bed (width) until 2027-01-31: a \<trial\>⏎of it; "#))
        #expect(report.json.contains(#""until" : "2027-01-31""#))
    }

    @Test func anExemptionEndsWithItsDay() throws {
        let text = DriftReport(try Self.exempted(at: "2027-02-01T00:00:00.000Z")).text()
        #expect(
            text.hasPrefix(
                """
                changed    web/aws.bed: it was to be ignored until 2027-01-31, which is over
                           soil   recorded loam, actual sand|`clay`
                           width  recorded 2, actual (none)

                """))
        #expect(text.contains("\nignored    web/aws.label until 2027-02-01\n"))
    }

    @Test func whereAllIsExemptThereIsNoDrift() throws {
        let all = try Set(Samples.drift.findings.map(\.address)).map {
            try #require(DriftExemption($0, until: "2027-01-31"))
        }
        let drift = Samples.drift.exempting(all, at: Date(timeIntervalSince1970: 0))
        #expect(drift.findings == [] && drift.exempt.count == 5)
        #expect(
            DriftReport(drift).text().hasPrefix("No drift.\nignored    web/aws.bed (soil, width)"))
    }

    @Test func aPageHasACardForEachService() throws {
        let drift = try Self.exempted(at: "2027-01-31T00:00:00.000Z")
        let page = DriftReport(drift).html(at: Date(timeIntervalSince1970: 1_750_000_000))
        let body = try #require(page.split(separator: "<body>\n").last)
        #expect(
            body == """
                <header><h1>Drift in garden</h1><p>Drift: 1 changed, 1 missing, 1 pending. \
                As of <time>2025-06-15T15:06:40Z</time>.</p></header>
                <main>
                <article>
                <h2>api<span class="warn">1 finding</span></h2>
                <dl>
                <dt>pending</dt><dd>aws.bed<br>new</dd>
                </dl>
                </article>
                <article>
                <h2>web<span class="bad">2 findings</span></h2>
                <dl>
                <dt>changed</dt><dd>aws.bed<br>soil: recorded loam, actual sand|`clay`</dd>
                <dt>missing</dt><dd>aws.plant<br>recorded, and not there any more</dd>
                </dl>
                </article>
                <article>
                <h2>Ignored<span class="good">3 findings</span></h2>
                <dl>
                <dt>ignored</dt><dd>web/aws.bed (width) until 2027-01-31: a &lt;trial&gt;⏎of it</dd>
                <dt>ignored</dt><dd>web/aws.bed (width) until 2027-01-31: a &lt;trial&gt;⏎of it</dd>
                <dt>ignored</dt><dd>web/aws.label until 2027-02-01</dd>
                </dl>
                </article>
                </main>
                </body>
                </html>

                """)
        let empty = Drift(project: "a", findings: [])
        #expect(DriftReport(empty).html(at: .distantPast).contains("<p>No drift. As of"))
    }

    static let attributed = Drift(
        project: "garden",
        findings: [
            DriftFinding(
                Samples.bed, .changed, fields: [.init(path: "width", recorded: 2, actual: 3)]),
            DriftFinding(
                Samples.bed, .pending, fields: [.init(path: "width", recorded: 2, actual: 4)]),
            DriftFinding(Samples.plant, .missing),
        ]
    ).attributed(to: [
        Samples.bed: Attribution(by: "alice", at: Date(timeIntervalSince1970: 1_750_000_000)),
        Samples.plant: Attribution(
            by: "<bob>\n|*x*", at: Date(timeIntervalSince1970: 1_750_000_060.75)),
    ])

    @Test func whoAndWhenAreToldWhereTheyAreKnown() throws {
        let report = DriftReport(Self.attributed)
        #expect(
            report.text() == """
                changed    web/aws.bed by alice, 2025-06-15T15:06:40Z
                           width  recorded 2, actual 3
                pending    web/aws.bed
                           width  recorded 2, wanted 4
                missing    web/aws.plant by <bob>⏎|*x*, 2025-06-15T15:07:40Z: recorded, and not \
                there any more

                Drift: 1 changed, 1 missing, 1 pending.
                To revert it: `launch converge web` makes it as the specs say.
                To keep it for a while: `drift.ignore` in launch.yaml, with the last day.
                To make it the rule: `launch drift --accept web/aws.bed` writes it into the spec.

                """)
        #expect(
            report.markdown == #"""
                ### Launch drift

                Drift: 1 changed, 1 missing, 1 pending.

                | kind | object | what |
                | --- | --- | --- |
                | changed | `web/aws.bed` | by alice, 2025-06-15T15:06:40Z<br>\#
                width: recorded 2, actual 3 |
                | pending | `web/aws.bed` | width: recorded 2, wanted 4 |
                | missing | `web/aws.plant` | recorded, and not there any more<br>\#
                by \<bob\>⏎\|\*x\*, 2025-06-15T15:07:40Z |

                To revert it: `launch converge web` makes it as the specs say.

                To keep it for a while: `drift.ignore` in launch.yaml, with the last day.

                To make it the rule: `launch drift --accept web/aws.bed` writes it into the spec.

                """#)
        let body = try #require(
            report.html(at: Date(timeIntervalSince1970: 1_750_000_000))
                .split(separator: "<body>\n").last)
        #expect(
            body == """
                <header><h1>Drift in garden</h1><p>Drift: 1 changed, 1 missing, 1 pending. \
                As of <time>2025-06-15T15:06:40Z</time>.</p></header>
                <main>
                <article>
                <h2>web<span class="bad">3 findings</span></h2>
                <dl>
                <dt>changed</dt><dd>aws.bed<br>by alice, 2025-06-15T15:06:40Z<br>\
                width: recorded 2, actual 3</dd>
                <dt>pending</dt><dd>aws.bed<br>width: recorded 2, wanted 4</dd>
                <dt>missing</dt><dd>aws.plant<br>recorded, and not there any more<br>\
                by &lt;bob&gt;⏎|*x*, 2025-06-15T15:07:40Z</dd>
                </dl>
                </article>
                </main>
                </body>
                </html>

                """)
        let findings = try #require(Value(json: Array(report.json.utf8))?["findings"]?.list)
        #expect(
            findings.map { $0["changed_by"] ?? .null } == ["alice", .null, "<bob>\n|*x*"])
        #expect(
            findings.map { $0["changed_at"] ?? .null }
                == ["2025-06-15T15:06:40Z", .null, "2025-06-15T15:07:40Z"])
    }

    @Test func noDriftIsToldInWords() {
        let report = DriftReport(Drift(project: "garden", findings: []))
        #expect(report.text() == "No drift.\n")
        #expect(report.markdown == "### Launch drift\n\nNo drift.\n")
    }

    @Test func longValuesAreCutWhereTheyDiffer() {
        let same = String(repeating: "x", count: 300)
        let field = DriftFinding.FieldDifference(
            path: "script", recorded: .string(same + "1 end"), actual: .string(same + "2 end"))
        let drift = Drift(
            project: "garden", findings: [DriftFinding(Samples.bed, .changed, fields: [field])])
        let shown = "…" + String(repeating: "x", count: 25)
        #expect(
            DriftReport(drift).text().split(separator: "\n")[1]
                == "           script  recorded \(shown)1 end, actual \(shown)2 end")
    }

    @Test(arguments: [1, 20, 1_000, 20_000]) func markdownFitsAComment(services: Int) {
        let findings = (0..<services).map { number in
            DriftFinding(
                Garden.address("service-\(number)", Garden.bed), .changed,
                fields: [.init(path: "width", recorded: 2, actual: 3)])
        }
        let markdown = DriftReport(Drift(project: "garden", findings: findings)).markdown
        #expect(markdown.utf8.count < 65_536)
        let missing = services - markdown.split(separator: "\n").count { $0.hasPrefix("| changed") }
        #expect(markdown.contains("… and \(missing) more findings") == (missing > 0))
    }
}
