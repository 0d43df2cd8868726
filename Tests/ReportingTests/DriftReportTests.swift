import Planning
import Reporting
import Resources
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

                Drift: 1 changed, 1 missing, 1 unmanaged, 2 pending. `launch converge` makes it \
                as the specs say.

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            DriftReport(Samples.drift).markdown == #"""
                ### Launch drift

                Drift: 1 changed, 1 missing, 1 unmanaged, 2 pending. `launch converge` makes it \#
                as the specs say.

                | kind | object | what |
                | --- | --- | --- |
                | changed | `web/aws.bed` | soil: recorded loam, actual sand\|\`clay\`<br>\#
                width: recorded 2, actual (none) |
                | pending | `web/aws.bed` | width: recorded 2, wanted 4 |
                | unmanaged | `web/aws.label` | bears this project's mark, and the state does \#
                not know it |
                | missing | `web/aws.plant` | recorded, and not there any more |
                | pending | `api/aws.bed` | new |

                """#)
    }

    @Test func jsonHasEveryKey() {
        let drift = Drift(
            project: "garden",
            findings: [
                DriftFinding(
                    Samples.bed, .changed,
                    fields: [.init(path: "width", recorded: 2, actual: nil)])
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
                      "kind" : "changed",
                      "reason" : null,
                      "service" : "web"
                    }
                  ],
                  "format_version" : 1,
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

    @Test func noDriftIsToldInWords() {
        let report = DriftReport(Drift(project: "garden", findings: []))
        #expect(report.text() == "No drift.\n")
        #expect(report.markdown == "### Launch drift\n\nNo drift.\n")
    }

    @Test func longValuesAreCutWhereTheyDiffer() {
        let same = String(repeating: "x", count: 300)
        let field = DriftFinding.FieldDifference(
            path: "script", recorded: .string(same + "1\nend"), actual: .string(same + "2\nend"))
        let drift = Drift(
            project: "garden", findings: [DriftFinding(Samples.bed, .changed, fields: [field])])
        let shown = "…" + String(repeating: "x", count: 25)
        #expect(
            DriftReport(drift).text().split(separator: "\n")[1]
                == "           script  recorded \(shown)1⏎end, actual \(shown)2⏎end")
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
