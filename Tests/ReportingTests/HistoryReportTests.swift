import Foundation
import Reporting
import Resources
import Testing

@Suite struct HistoryReportTests {
    static let entries = [
        HistoryEntry(
            serial: 12, at: Date(timeIntervalSince1970: 1_750_000_000),
            who: LeaseHolder(
                user: "runner", host: "fv-az1", pid: 7,
                runURL: "https://github.com/me/shop/actions/runs/9/attempts/1"),
            purpose: "converge",
            changes: ["create web/aws.volume: created", "create web/aws.instance: begun"]),
        HistoryEntry(
            serial: 11, at: Date(timeIntervalSince1970: 1_749_999_000),
            who: LeaseHolder(user: "ada", host: "laptop", pid: 4711, runURL: nil),
            purpose: "destroy web", changes: ["delete web/aws.instance: gone"]),
    ]

    @Test func eachChangeIsALine() {
        #expect(
            HistoryReport(Self.entries).text() == """
                SERIAL  WHEN                  WHO                                                   FOR          CHANGES
                12      2025-06-15T15:06:40Z  https://github.com/me/shop/actions/runs/9/attempts/1  converge     create web/aws.volume: created
                                                                                                                 create web/aws.instance: begun
                11      2025-06-15T14:50:00Z  ada@laptop                                            destroy web  delete web/aws.instance: gone

                """)
    }

    @Test func aNarrowTerminalGetsAList() {
        #expect(
            HistoryReport(Self.entries).text(width: 80) == """
                12
                  when  2025-06-15T15:06:40Z
                  who   https://github.com/me/shop/actions/runs/9/attempts/1
                  for   converge
                  - create web/aws.volume: created
                  - create web/aws.instance: begun

                11
                  when  2025-06-15T14:50:00Z
                  who   ada@laptop
                  for   destroy web
                  - delete web/aws.instance: gone

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            HistoryReport([Self.entries[1]]).markdown == """
                ### Launch history

                1 generation.

                | serial | when | who | for | changes |
                | --- | --- | --- | --- | --- |
                | 11 | 2025-06-15T14:50:00Z | ada@laptop | destroy web | delete web/aws.instance: gone |

                """)
    }

    @Test func nothingIsSaidInOneLine() {
        #expect(HistoryReport([]).text() == "No history.\n")
        #expect(HistoryReport([]).markdown == "### Launch history\n\nNo history.\n")
    }

    @Test func programsGetEverything() {
        #expect(
            HistoryReport([Self.entries[1]]).json == """
                {
                  "format_version" : 1,
                  "generations" : [
                    {
                      "at" : "2025-06-15T14:50:00Z",
                      "changes" : [
                        "delete web/aws.instance: gone"
                      ],
                      "purpose" : "destroy web",
                      "serial" : 11,
                      "who" : {
                        "commit" : null,
                        "host" : "laptop",
                        "pid" : 4711,
                        "run_url" : null,
                        "user" : "ada"
                      }
                    }
                  ]
                }

                """)
    }
}
