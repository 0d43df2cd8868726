import Foundation
import Testing
import TestSupport

@testable import ServiceFiles

/// `UPDATE_SCHEMAS=1 swift test --filter SchemaTests` writes the files anew.
private let updates = ProcessInfo.processInfo.environment["UPDATE_SCHEMAS"] != nil
private let checker = ExternalTool("check-jsonschema")

@Suite struct SchemaTests {
    private static let folder = PackageFiles.root + "/schemas"

    @Test(arguments: [
        ("service.schema.json", JSONSchema.service), ("project.schema.json", JSONSchema.project),
    ])
    func theCommittedSchemaIsTheOneOfTheReader(name: String, generated: String) throws {
        let file = "\(Self.folder)/\(name)"
        if updates { try generated.write(toFile: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == generated)
    }

    @Test(arguments: SpecField.service + SpecField.project)
    func everyFieldIsDescribed(_ field: SpecField) {
        #expect(field.description.hasSuffix("."))
    }

    @Test(.enabled(if: checker.isInstalled, "check-jsonschema is not installed"))
    func theSchemasAreSchemas() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
            .filter { $0.hasSuffix(".json") }.sorted().map { "\(Self.folder)/\($0)" }
        #expect(files.count == 16)
        #expect(try checker.complaint(["--check-metaschema"] + files) == nil)
    }

    @Test(.enabled(if: checker.isInstalled, "check-jsonschema is not installed"))
    func theSchemasAcceptTheExamples() throws {
        let root = PackageFiles.root
        let services = try FileManager.default.contentsOfDirectory(atPath: "\(root)/services")
            .filter { !$0.hasPrefix(".") }.map { "\(root)/services/\($0)" }
        let specs = services.map { "\($0)/service.yaml" }
        let serviceSchema = "\(Self.folder)/service.schema.json"
        let projectSchema = "\(Self.folder)/project.schema.json"
        #expect(try checker.complaint(["--schemafile", serviceSchema] + specs) == nil)
        #expect(
            try checker.complaint(["--schemafile", projectSchema, "\(root)/launch.yaml"])
                == nil)
        #expect(
            try checker.complaint(
                ["--builtin-schema", "vendor.compose-spec"] + services.map { "\($0)/compose.yaml" })
                == nil)
    }

    /// What only the reader can know: what other fields and files say.
    private static let beyondASchema = [
        "more than one level below", "listed twice", "is for", "needs \"port\"", "stands here",
        "no longer in use", "cannot be called", "the file is empty", "1.2.3.4/40", "not YAML",
        "not tabs", "unknown key \"<<\"",
    ]

    @Test(
        .enabled(if: checker.isInstalled, "check-jsonschema is not installed"),
        arguments: BadService.all.filter { example in
            !beyondASchema.contains { example.problems.joined().contains($0) }
        })
    func theSchemaRefusesWhatTheReaderRefuses(_ example: BadService) throws {
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/service.yaml"
            try example.text.write(toFile: file, atomically: false, encoding: .utf8)
            let arguments = ["--schemafile", "\(Self.folder)/service.schema.json", file]
            #expect(try checker.complaint(arguments) != nil)
        }
    }
}
