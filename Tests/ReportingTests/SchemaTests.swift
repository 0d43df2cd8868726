import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import TestSupport
import Testing

private let validator = ExternalTool("check-jsonschema")

/// What is printed, against the published schemas, by a validator that is not ours.
@Suite(.enabled(if: validator.isInstalled, "check-jsonschema is not installed"))
struct SchemaTests {
    /// - Returns: what the validator says of `documents`; `nil` when all of them fit.
    private func complaint(_ schema: String, _ documents: [String]) throws -> String? {
        try PackageFiles.withTemporaryFolder { folder in
            let files = try documents.enumerated().map { index, text in
                let file = "\(folder)/\(index).json"
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                return file
            }
            let path = "\(PackageFiles.root)/schemas/\(schema).schema.json"
            return try validator.complaint(["--schemafile", path] + files)
        }
    }

    static let plans = [
        Samples.creation, Samples.mixture, Samples.nothing, Samples.plan(services: 20),
    ].map { PlanReport($0, requests: [.aws: 4, .github: 1]).json }

    static let drifts = [Samples.drift, Drift(project: "garden", findings: [])]
        .map { DriftReport($0).json }

    static let statuses = [[], StatusReportTests.services].map { StatusReport($0).json }

    static let events = EventReportTests.events.map {
        EventReport().json($0.event, requests: [.aws: 4])
    }

    @Test(arguments: [
        ("plan", plans), ("drift", drifts), ("status", statuses), ("events", events),
    ])
    func whatIsPrintedFits(schema: String, documents: [String]) throws {
        #expect(try complaint(schema, documents) == nil)
    }

    /// Each is a good document with one thing spoilt.
    @Test(arguments: [
        ("plan", plans[0], "\"create\",", "\"make\","),
        ("plan", plans[0], "\"serial\" : 7", "\"serial\" : -7"),
        ("plan", plans[0], "\"reason\"", "\"cause\""),
        ("plan", plans[0], "\"web/aws.bed\"", "\"bed\""),
        ("drift", drifts[0], "\"missing\",", "\"gone\","),
        ("drift", drifts[0], "\"recorded\"", "\"before\""),
        ("drift", drifts[0], "\"format_version\" : 1", "\"format_version\" : 2"),
        ("status", statuses[1], "\"running\"", "\"flying\""),
        ("status", statuses[1], "\"runner\"", "\"agent\""),
        ("events", events[0], "\"lineage\"", "\"line\""),
        ("events", events[1], "\"address\"", "\"place\""),
        ("events", events[1], "\"resource_started\"", "\"begun\""),
    ])
    func aSpoiltDocumentDoesNotFit(
        schema: String, document: String, old: String, new: String
    ) throws {
        let spoilt = document.replacing(old, with: new)
        #expect(spoilt != document)
        #expect(try complaint(schema, [spoilt]) != nil)
    }
}
