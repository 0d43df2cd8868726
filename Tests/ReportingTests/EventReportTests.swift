import Planning
import Reconciling
import Reporting
import Resources
import TestSupport
import Testing

@Suite struct EventReportTests {
    struct Case: Sendable {
        let event: Event
        let line: String?
        let json: String
    }

    private static let machine = Address(service: "web", kind: KindName(.proxmox, "vm"))

    private static var report: RunReport {
        var report = RunReport()
        report.done = [
            Step(Samples.bed, .delete), Step(Samples.bed, .apply), Step(machine, .finishBoot),
        ]
        report.failures = [RunFailure(address: Samples.plant, message: "m", remedy: "r")]
        report.skipped = [Step(Samples.label, .apply)]
        report.wasInterrupted = true
        report.duration = .milliseconds(250_040)
        report.summary = [.replace: 1]
        return report
    }

    static let events = [
        Case(
            event: .planReady(Samples.plan([])), line: nil,
            json: #"""
                {"format_version":1,"plan":{"changes":[],"finish_boot":[],"format_version":1,\#
                "kept_for_data":[],"lineage":"l-1","losses":[],"moves":[],"project":"garden",\#
                "requests":{"by_provider":{"aws":4},"count":4},"serial":7,\#
                "summary":{"adopt":0,"create":0,"delete":0,"forget":0,"no_op":0,"replace":0,\#
                "update":0},"upgrades":[]},"type":"plan_ready"}
                """#),
        Case(
            event: .started(Step(Samples.bed, .apply), .replace),
            line: "web/aws.bed: creating…",
            json: #"""
                {"action":"create","address":"web/aws.bed","finishes_boot":false,\#
                "format_version":1,"service":"web","type":"resource_started"}
                """#),
        Case(
            event: .started(Step(machine, .finishBoot), .create),
            line: "web/proxmox.vm: removing what it booted from…",
            json: #"""
                {"action":"update","address":"web/proxmox.vm","finishes_boot":true,\#
                "format_version":1,"service":"web","type":"resource_started"}
                """#),
        Case(
            event: .progress(Samples.bed, "waits for the\u{1B}[31m task"),
            line: "web/aws.bed: waits for the�[31m task",
            json: #"""
                {"address":"web/aws.bed","format_version":1,\#
                "message":"waits for the\u001b[31m task","service":"web",\#
                "type":"resource_progress"}
                """#),
        Case(
            event: .done(Step(Samples.bed, .delete), .replace, .milliseconds(3_250)),
            line: "web/aws.bed: deleted in 3.2s",
            json: #"""
                {"action":"delete","address":"web/aws.bed","finishes_boot":false,\#
                "format_version":1,"seconds":3.25,"service":"web","type":"resource_done"}
                """#),
        Case(
            event: .failed(
                Step(Samples.bed, .apply),
                RunFailure(
                    address: Samples.bed, message: "could not dig: stone\nafter stone",
                    remedy: "Take a bigger spade.")),
            line: """
                web/aws.bed: could not dig: stone
                    after stone
                  → Take a bigger spade.
                """,
            json: #"""
                {"address":"web/aws.bed","format_version":1,\#
                "message":"could not dig: stone\nafter stone",\#
                "remedy":"Take a bigger spade.","service":"web","type":"resource_failed"}
                """#),
        Case(
            event: .stage(service: "web", stage: "machine up"), line: "web: machine up",
            json: #"""
                {"format_version":1,"service":"web","stage":"machine up","type":"service_stage"}
                """#),
        Case(
            event: .stageFailed(
                service: "web",
                StageFailure(
                    .applicationHealthy, "deploy ended as failure", remedy: "Read its log.",
                    log: ["exit 1"])),
            line: """
                web: deploy ended as failure
                    | exit 1
                  → Read its log.
                """,
            json: #"""
                {"failure":{"log":["exit 1"],"message":"deploy ended as failure",\#
                "remedy":"Read its log.","stage":"application healthy"},"format_version":1,\#
                "service":"web","stage":"application healthy","type":"service_stage"}
                """#),
        Case(
            event: .summary(report),
            line: "1 replaced, 1 boot finished, 1 failed, 1 step not begun, interrupted in 4m 10s.",
            json: #"""
                {"changes":{"adopt":0,"create":0,"delete":0,"forget":0,"no_op":0,"replace":1,\#
                "update":0},"done":3,"failed":1,"format_version":1,"interrupted":true,\#
                "requests":{"by_provider":{"aws":4},"count":4},\#
                "seconds":250.04,"skipped":1,"type":"summary"}
                """#),
        Case(
            event: .summary(RunReport()), line: "Nothing to do in 0.0s.",
            json: #"""
                {"changes":{"adopt":0,"create":0,"delete":0,"forget":0,"no_op":0,"replace":0,\#
                "update":0},"done":0,"failed":0,"format_version":1,"interrupted":false,\#
                "requests":{"by_provider":{"aws":4},"count":4},\#
                "seconds":0,"skipped":0,"type":"summary"}
                """#),
    ]

    static let refused = EventReport().json(
        RunReport(), endedBy: "no bed", remedy: nil, requests: [:])

    @Test func aRunThatWasRefusedSaysWhy() {
        #expect(
            Self.refused == #"""
                {"changes":{"adopt":0,"create":0,"delete":0,"forget":0,"no_op":0,"replace":0,\#
                "update":0},"done":0,"error":{"message":"no bed","remedy":null},"failed":0,\#
                "format_version":1,"interrupted":false,\#
                "requests":{"by_provider":{},"count":0},"seconds":0,"skipped":0,"type":"summary"}

                """#)
    }

    @Test func theLastLineTellsHowManyRequestsItTook() {
        let line = EventReport().line(.summary(RunReport()), requests: [.aws: 4, .github: 1])
        #expect(line == "Nothing to do in 0.0s. 5 requests (aws 4, github 1).")
    }

    /// Colours take no columns, and what is too long for a line is whole.
    @Test func aNarrowTerminalGetsShorterLines() {
        let step = Step(
            Address(service: "web", kind: Garden.bed, key: "a-hostname.example.com"), .apply)
        let line = EventReport(style: .coloured).line(.done(step, .create, .seconds(2))) ?? ""
        #expect(line.columns == 51)
        #expect(line.wrapped(to: 51) == line)
        #expect(
            line.wrapped(to: 45) == """
                \u{1B}[32mweb/aws.bed/a-hostname.example.com: created\u{1B}[0m
                    in 2.0s
                """)
        #expect(
            "  → Take a bigger spade.".wrapped(to: 16) == "  → Take a\n      bigger\n      spade.")
    }

    @Test(arguments: events) func everyEventHasItsWords(_ example: Case) {
        #expect(EventReport().line(example.event) == example.line)
        #expect(EventReport().json(example.event, requests: [.aws: 4]) == example.json + "\n")
    }

    @Test func aTerminalShowsEndsInColour() {
        let report = EventReport(style: .coloured)
        let done = Event.done(Step(Samples.bed, .apply), .create, .seconds(7_500))
        #expect(report.line(done) == "\u{1B}[32mweb/aws.bed: created\u{1B}[0m in 2h 5m")
    }

    @Test func aRunThatOnlyFailedDidNothing() {
        var report = RunReport()
        report.failures = [RunFailure(address: Samples.plant, message: "m", remedy: "r")]
        #expect(EventReport().summary(report) == "Nothing done, 1 failed in 0.0s.")
    }
}
