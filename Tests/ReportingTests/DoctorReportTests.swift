import Reporting
import Resources
import Testing

@Suite struct DoctorReportTests {
    private let report = DoctorReport(
        [
            .good("specs", "3 services valid"),
            .warning("GitHub repository", "it is public", remedy: "Make it private."),
            .bad("state", "a|b: no space left", remedy: "Free space."),
        ], project: "shop")

    @Test func peopleReadAChecklist() {
        #expect(
            report.text() == """
                ✓ specs              3 services valid
                ! GitHub repository  it is public
                                     → Make it private.
                ✗ state              a|b: no space left
                                     → Free space.

                1 good, 1 warning, 1 bad.

                """)
        #expect(!report.isHealthy)
    }

    @Test func aWarningDoesNotMakeItIll() {
        let report = DoctorReport([.warning("a", "b", remedy: "c")], project: "shop")
        #expect(report.isHealthy)
    }

    @Test func aPageShowsATable() {
        #expect(
            report.markdown == """
                ### Launch doctor

                1 good, 1 warning, 1 bad.

                | | subject | finding | remedy |
                | --- | --- | --- | --- |
                | ✓ | specs | 3 services valid |  |
                | ! | GitHub repository | it is public | Make it private. |
                | ✗ | state | a\\|b: no space left | Free space. |

                """)
    }

    @Test func programsReadADocument() {
        #expect(
            report.json == """
                {
                  "findings" : [
                    {
                      "detail" : "3 services valid",
                      "grade" : "good",
                      "remedy" : null,
                      "subject" : "specs"
                    },
                    {
                      "detail" : "it is public",
                      "grade" : "warning",
                      "remedy" : "Make it private.",
                      "subject" : "GitHub repository"
                    },
                    {
                      "detail" : "a|b: no space left",
                      "grade" : "bad",
                      "remedy" : "Free space.",
                      "subject" : "state"
                    }
                  ],
                  "format_version" : 1,
                  "project" : "shop",
                  "summary" : {
                    "bad" : 1,
                    "good" : 1,
                    "warning" : 1
                  }
                }

                """)
    }
}
