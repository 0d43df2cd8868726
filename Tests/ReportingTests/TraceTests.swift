import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct TraceTests {
    private static let start = Date(timeIntervalSince1970: 1_750_000_000)
    private static let create = Step(Samples.bed, .apply)
    private static let boot = Step(Samples.plant, .finishBoot)

    private static func trace(parent: String? = nil) -> Trace {
        var trace = Trace(
            "converge", parent: parent.flatMap(Trace.Parent.init), at: start,
            random: SeededRandom(seed: 3))
        var report = RunReport()
        report.summary = [.create: 1]
        report.failures = [
            RunFailure(address: Samples.plant, message: "no\nwater", remedy: "Water it.")
        ]
        let events: [Event] = [
            .planReady(Samples.creation), .started(create, .create),
            .progress(Samples.bed, "digging"), .started(boot, .noOp),
            .done(create, .create, .seconds(1)), .stage(service: "web", stage: "machine up"),
            .failed(boot, report.failures[0]), .summary(report),
        ]
        for (second, event) in events.enumerated() {
            trace.take(event, at: start + Double(second))
        }
        return trace
    }

    private static func spans(_ message: Value) -> [Value] {
        message["resourceSpans"]?.list?[0]["scopeSpans"]?.list?[0]["spans"]?.list ?? []
    }

    @Test func aRunIsATraceOfItsSteps() throws {
        let message = Self.trace().message(
            ["service.name": "launch"], version: "1", at: Self.start + 9)
        let spans = Self.spans(message)
        #expect(
            spans.map { $0["name"] } == ["launch converge", "create aws.bed", "update aws.plant"])
        #expect(Set(spans.map { $0["traceId"]?.string?.count }) == [32])
        #expect(Set(spans.compactMap { $0["spanId"]?.string }).count == 3)
        #expect(spans[0]["parentSpanId"] == nil)
        #expect(spans[1]["parentSpanId"] == spans[0]["spanId"])
        #expect(spans[1]["startTimeUnixNano"] == "1750000001000000000")
        #expect(spans[1]["endTimeUnixNano"] == "1750000004000000000")
        #expect(spans[1]["status"] == nil)
        #expect(spans[2]["status"] == ["code": 2, "message": "no⏎water"])
        #expect(spans[0]["status"] == ["code": 2, "message": "web/aws.plant: no⏎water"])
        #expect(spans[0]["endTimeUnixNano"] == "1750000009000000000")
        #expect(spans[0]["events"]?.list?.map { $0["name"] } == ["machine up"])
        #expect(
            spans[1]["attributes"] == [
                ["key": "launch.action", "value": ["stringValue": "create"]],
                ["key": "launch.address", "value": ["stringValue": "web/aws.bed"]],
                ["key": "launch.finishes_boot", "value": ["boolValue": false]],
                ["key": "launch.service", "value": ["stringValue": "web"]],
            ])
    }

    @Test func aRunThatWasRefusedFailed() {
        var trace = Trace("converge", parent: nil, at: Self.start, random: SeededRandom(seed: 1))
        trace.take(.planReady(Samples.creation), at: Self.start)
        trace.fail("launch.yaml allows 0")
        trace.fail("interrupted")
        let spans = Self.spans(trace.message([:], version: "1", at: Self.start))
        #expect(spans.map { $0["status"] } == [["code": 2, "message": "launch.yaml allows 0"]])
    }

    /// A run that is killed half-way still tells what it was doing.
    @Test func aStepThatDidNotEndEndsWithTheRun() {
        var trace = Trace("destroy", parent: nil, at: Self.start, random: SeededRandom(seed: 1))
        trace.take(.started(Self.create, .create), at: Self.start + 1)
        let spans = Self.spans(trace.message([:], version: "1", at: Self.start + 5))
        #expect(spans[1]["endTimeUnixNano"] == "1750000005000000000")
    }

    @Test func anotherTraceCanBeItsParent() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let spans = Self.spans(
            Self.trace(parent: parent).message([:], version: "1", at: Self.start))
        #expect(Set(spans.map { $0["traceId"] }) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
        #expect(spans[0]["parentSpanId"] == "00f067aa0ba902b7")
        #expect(spans[1]["parentSpanId"] == spans[0]["spanId"])
    }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    ])
    func whatIsNoParentIsLeftAlone(text: String) { #expect(Trace.Parent(text) == nil) }
}
