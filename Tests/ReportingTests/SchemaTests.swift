import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import Services
import TestSupport
import Testing

/// What is printed, against the published schemas, by a validator that is not ours.
@Suite(.enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"))
struct SchemaTests {
    static let plans = [
        Samples.creation, Samples.mixture, Samples.nothing, Samples.plan(services: 20),
        Samples.plan([], cost: CostReportTests.grown), Samples.farewell,
    ].map { PlanReport($0, requests: [.aws: 4, .github: 1]).json }

    static let drifts = [
        Samples.drift, Drift(project: "garden", findings: []),
        Samples.drift.exempting(
            [DriftExemption(Samples.label, until: "2027-01-31", reason: "a trial")]
                .compactMap(\.self), at: Date(timeIntervalSince1970: 0)),
        DriftReportTests.attributed,
    ]
    .map { DriftReport($0).json }

    static let statuses = [[], StatusReportTests.services].map { StatusReport($0).json }

    static let histories = [[], HistoryReportTests.entries].map { HistoryReport($0).json }

    static let lives = LifeReportTests.reports.map(\.json)

    static let events =
        EventReportTests.events.map {
            EventReport().json($0.event, requests: [.aws: 4])
        } + [EventReportTests.refused]

    @Test(arguments: [
        ("plan", plans), ("drift", drifts), ("status", statuses),
        ("history", histories), ("why", lives), ("events", events),
        ("timeline", [RolloutReportTests.report.json]),
    ])
    func whatIsPrintedFits(schema: String, documents: [String]) throws {
        #expect(try PublishedSchema(schema).complaint(documents) == nil)
    }

    /// Each is a good document with one thing spoilt.
    @Test(arguments: [
        ("plan", plans[0], "\"create\",", "\"make\","),
        ("plan", plans[0], "\"serial\" : 7", "\"serial\" : -7"),
        ("plan", plans[0], "\"reason\"", "\"cause\""),
        ("plan", plans[0], "\"web/aws.bed\"", "\"bed\""),
        ("plan", plans[5], "\"gibibytes\" : 30", "\"gibibytes\" : \"30\""),
        ("events", EventReportTests.refused, "\"remedy\"", "\"cure\""),
        ("drift", drifts[0], "\"missing\",", "\"gone\","),
        ("drift", drifts[0], "\"recorded\"", "\"before\""),
        ("drift", drifts[0], "\"format_version\" : 1", "\"format_version\" : 2"),
        ("status", statuses[1], "\"running\"", "\"flying\""),
        ("status", statuses[1], "\"runner\"", "\"agent\""),
        ("history", histories[1], "\"purpose\"", "\"reason\""),
        ("history", histories[1], "\"run_url\" : null", "\"run_url\" : 7"),
        ("why", lives[0], "\"created\"", "\"born\""),
        ("why", lives[1], "\"serial\" : null", "\"serial\" : \"x\""),
        ("events", events[0], "\"lineage\"", "\"line\""),
        ("events", events[1], "\"address\"", "\"place\""),
        ("events", events[1], "\"resource_started\"", "\"begun\""),
    ])
    func aSpoiltDocumentDoesNotFit(
        schema: String, document: String, old: String, new: String
    ) throws {
        let spoilt = document.replacing(old, with: new)
        #expect(spoilt != document)
        #expect(try PublishedSchema(schema).complaint([spoilt]) != nil)
    }
}
