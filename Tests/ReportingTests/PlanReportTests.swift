import Planning
import Reporting
import Resources
import TestSupport
import Testing

@Suite struct PlanReportTests {
    struct Case: Sendable {
        let plan: Plan
        let text: String
        let markdown: String
    }

    static let cases = [
        Case(
            plan: Samples.creation,
            text: """
                web: 2 to create
                  + create   aws.bed    new
                      soil   loam
                      width  2
                  + create   aws.plant  new
                      bed      (known after web/aws.bed)
                      height   10 (size)
                      colours  [blue, red]
                      scent    (secret)
                      note     line one⏎line two�[2J

                Plan: 2 to create, 0 unchanged.
                5 requests (aws 4, github 1).

                """,
            markdown: """
                ### Launch plan

                Plan: 2 to create, 0 unchanged.

                | action | object | why |
                | --- | --- | --- |
                | create | `web/aws.bed` | new |
                | create | `web/aws.plant` | new |

                5 requests (aws 4, github 1).

                """),
        Case(
            plan: Samples.mixture,
            text: """
                old: 1 to delete, 1 to forget
                  - delete   aws.bed    not in the specs any more
                  × forget   aws.plant  gone, and not in the specs any more

                web: 2 to replace
                  ± replace  aws.bed    2 fields
                      soil   loam → sand, forces the replacement
                      width  2 → 3
                  ± replace  aws.plant  bed follows web/aws.bed

                api: 1 to update, 1 to adopt
                  = adopt    aws.label  it is ours, and not in the state
                  ~ update   aws.plant  2 fields; the machine restarts
                      height  12 → 10 (size), restarts the machine
                      scent   (secret) changed

                zoo: 1 to update, 1 boot to finish
                  ~ update   aws.plant  height: 1 → 2; the machine restarts
                  ~ update   aws.bed    remove what it booted from: its runner is online

                Plan: 1 to delete, 2 to replace, 2 to update, 1 to adopt, 1 to forget, \
                1 boot to finish, 1 unchanged.
                Kept, since data is on it: shed/aws.bed (`launch destroy shed --with-data` \
                deletes it).
                5 requests (aws 4, github 1).

                """,
            markdown: """
                ### Launch plan

                Plan: 1 to delete, 2 to replace, 2 to update, 1 to adopt, 1 to forget, \
                1 boot to finish, 1 unchanged.

                | action | object | why |
                | --- | --- | --- |
                | **delete** | `old/aws.bed` | not in the specs any more |
                | **replace** | `web/aws.bed` | soil: loam → sand, width: 2 → 3 |
                | **replace** | `web/aws.plant` | bed follows web/aws.bed |
                | adopt | `api/aws.label` | it is ours, and not in the state |
                | update | `api/aws.plant` | height: 12 → 10 (size), scent changed; \
                the machine restarts |
                | forget | `old/aws.plant` | gone, and not in the specs any more |
                | update | `zoo/aws.plant` | height: 1 → 2; the machine restarts |
                | update | `zoo/aws.bed` | remove what it booted from: its runner is online |

                Kept, since data is on it: shed/aws.bed (\\`launch destroy shed --with-data\\` \
                deletes it).

                5 requests (aws 4, github 1).

                """),
        Case(
            plan: Samples.nothing,
            text: """
                No changes. 2 objects are as the specs say.
                5 requests (aws 4, github 1).

                """,
            markdown: """
                ### Launch plan

                No changes. 2 objects are as the specs say.

                5 requests (aws 4, github 1).

                """),
    ]

    @Test(arguments: cases) func aPlanReadsAsItShould(_ example: Case) {
        let report = PlanReport(example.plan, requests: [.aws: 4, .github: 1])
        #expect(report.text() == example.text)
        #expect(report.markdown == example.markdown)
    }

    @Test func colourMarksWhatHappens() {
        let plan = Samples.plan([Change(Samples.bed, .delete, reason: "not wanted")])
        #expect(
            PlanReport(plan, requests: [:]).text(.coloured) == """
                \u{1B}[1mweb\u{1B}[0m: 1 to delete
                  \u{1B}[31m-\u{1B}[0m delete   aws.bed  not wanted

                Plan: 1 to delete, 0 unchanged.
                0 requests.

                """)
    }

    @Test func theMachineRunsOnWhereItTakesTheChangeLive() {
        let live = FieldChange("height", before: 9, after: 10, consequence: .live)
        let plan = Samples.plan([
            Change(Samples.plant, .update, reason: "height: 9 → 10", fields: [live]),
            Change(
                Samples.label, .update, reason: "two",
                fields: [live, FieldChange("width", before: 1, after: 2, consequence: .restart)]),
        ])
        let report = PlanReport(plan, requests: [:])
        #expect(report.text().contains("height: 9 → 10; the machine runs on\n"))
        #expect(report.text().contains("2 fields; the machine restarts\n"))
        #expect(report.text().contains("height  9 → 10, while the machine runs\n"))
        #expect(report.markdown.contains("height: 9 → 10; the machine runs on |"))
    }

    private static let script = FieldChange(
        "script", before: "set -e\nold\u{1B}[2J\nrun\n", after: "set -e\nnew\nmore\nrun\n")

    @Test func aTextOfSeveralLinesIsADifference() {
        let plan = Samples.plan([
            Change(Samples.bed, .update, reason: "script: a → b", fields: [Self.script]),
            Change(
                Samples.plant, .replace, reason: "two",
                fields: [FieldChange("width", before: 1, after: 2), Self.script]),
        ])
        #expect(
            PlanReport(plan, requests: [:]).text() == """
                web: 1 to replace, 1 to update
                  ~ update   aws.bed    script changed
                      script  changed
                        - old�[2J
                        + new
                        + more
                  ± replace  aws.plant  2 fields
                      width   1 → 2
                      script  changed
                        - old�[2J
                        + new
                        + more

                Plan: 1 to replace, 1 to update, 0 unchanged.
                0 requests.

                """)
    }

    @Test func aLongDifferenceIsCutAndCounted() {
        let lines = (1...100).map { "line \($0)" }.joined(separator: "\n")
        let change = FieldChange("script", before: "line 1\nline 100", after: .string(lines))
        let plan = Samples.plan([Change(Samples.bed, .update, reason: "", fields: [change])])
        let text = PlanReport(plan, requests: [:]).text()
        #expect(text.contains("+ line 41\n        … and 58 more lines\n\n"))
        #expect(!text.contains("line 42"))
    }

    @Test func aServicesLineSaysWhatItMeans() {
        let machine = Address(service: "web", kind: KindName(.aws, "instance"))
        let plan = Samples.plan(
            [
                Change(machine, .replace, reason: "image"),
                Change(Samples.bed, .noOp, reason: ""), Change(Samples.plant, .noOp, reason: ""),
            ],
            cost: Samples.forecast([("web", Samples.cost("21.04"), Samples.cost("17.5"))]))
        #expect(
            PlanReport(plan, requests: [:]).text().hasPrefix(
                "web: 1 to replace, 2 unchanged; about 5 min down; −3.54 USD a month\n"))
    }

    /// The same words at any width, and no line wider than the terminal but for a single word.
    @Test(arguments: [
        (
            40,
            """
            old: 1 to delete, 1 to forget
              - delete   aws.bed    not in the specs
                    any more
              × forget   aws.plant  gone, and not in
                    the specs any more
            """
        ),
        (
            60,
            """
            old: 1 to delete, 1 to forget
              - delete   aws.bed    not in the specs any more
              × forget   aws.plant  gone, and not in the specs any more

            """
        ),
    ])
    func aNarrowTerminalGetsShorterLines(width: Int, beginning: String) {
        let report = PlanReport(Samples.mixture, requests: [.aws: 4, .github: 1])
        let text = report.text(width: width)
        #expect(text.hasPrefix(beginning))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
        func words(_ text: String) -> [Substring] { text.split { $0 == " " || $0 == "\n" } }
        #expect(words(text) == words(report.text()))
        #expect(report.text(.coloured, width: width).contains("\u{1B}[31m-\u{1B}[0m delete"))
    }

    @Test func jsonHasEverything() {
        let plan = Samples.plan(
            [
                Change(
                    Samples.plant, .replace, reason: "bed follows web/aws.bed, scent changed",
                    fields: [
                        FieldChange(
                            "bed", before: "g-1", after: .reference(Samples.bed, "id"),
                            consequence: .replace),
                        FieldChange("scent", before: nil, after: nil, isSecret: true),
                    ], replacedByChangeOf: [Samples.bed])
            ], bootsToFinish: [Samples.label], keptForData: [Samples.bed])
        #expect(
            PlanReport(plan, requests: [.aws: 4]).json == """
                {
                  "changes" : [
                    {
                      "action" : "replace",
                      "address" : "web/aws.plant",
                      "after" : {
                        "bed" : null,
                        "scent" : "(secret)"
                      },
                      "before" : {
                        "bed" : "g-1",
                        "scent" : "(secret)"
                      },
                      "expected_downtime_seconds" : null,
                      "file" : null,
                      "origins" : {

                      },
                      "reason" : "bed follows web/aws.bed, scent changed",
                      "renamed_from" : null,
                      "replaced_by_change_of" : [
                        "web/aws.bed"
                      ],
                      "restarts" : false,
                      "service" : "web",
                      "unknown" : [
                        "bed"
                      ]
                    }
                  ],
                  "finish_boot" : [
                    "web/aws.label"
                  ],
                  "format_version" : 1,
                  "kept_for_data" : [
                    "web/aws.bed"
                  ],
                  "lineage" : "l-1",
                  "losses" : [

                  ],
                  "moves" : [

                  ],
                  "project" : "garden",
                  "requests" : {
                    "by_provider" : {
                      "aws" : 4
                    },
                    "count" : 4
                  },
                  "serial" : 7,
                  "summary" : {
                    "adopt" : 0,
                    "create" : 0,
                    "delete" : 0,
                    "forget" : 0,
                    "no_op" : 0,
                    "replace" : 1,
                    "update" : 0
                  },
                  "upgrades" : [

                  ]
                }

                """)
    }

    @Test(arguments: [(1, 20), (20, 20), (1_000, 20), (1_000, 5_000), (20_000, 20)])
    func markdownFitsAComment(services: Int, valueLength: Int) {
        let plan = Samples.plan(services: services, valueLength: valueLength)
        let markdown = PlanReport(plan, requests: [.aws: 4]).markdown
        #expect(markdown.utf8.count < 65_536)

        let rows = markdown.split(separator: "\n").count { $0.hasPrefix("| update") }
        let missing = services - rows
        #expect(
            markdown.contains("… and \(missing) more changes; the text report shows everything.")
                == (missing > 0))
        #expect(services > 20 || missing == 0)
        #expect(markdown.hasSuffix("\n4 requests (aws 4).\n"))
    }

    @Test func markdownStaysWholeWhateverAValueHolds() {
        let plan = Samples.plan([
            Change(
                Garden.address("we`b", Garden.bed), .update,
                reason: "text: a|b → `c`\n<img> *d* \\ _e_ [f](g) ~h~ #1")
        ])
        #expect(
            PlanReport(plan, requests: [:]).markdown.split(separator: "\n").map(String.init)[4]
                == #"| update | `` we`b/aws.bed `` | text: a\|b → \`c\`⏎\<img\> \*d\* \\ \_e\_ "#
                + ##"\[f\](g) \~h\~ \#1 |"##)
    }

    @Test func keptDataOfManyServicesFitsToo() {
        let kept = (0..<5_000).map { Garden.address("service-\($0)", Garden.bed) }
        let changes = Samples.plan(services: 1_000).changes
        let report = PlanReport(Samples.plan(changes, keptForData: kept), requests: [:])
        #expect(report.markdown.utf8.count < 65_536)
        #expect(report.markdown.contains("| update |"))
    }
}
