import Planning
import Resources
import TestSupport
import Testing

@testable import Reporting

/// Remarks in pull requests, as GitHub's runner reads them.
@Suite struct AnnotationTests {
    /// A workflow command, parsed like the runner does:
    /// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>.
    private struct Command: Equatable {
        let name: String
        var properties: [String: String] = [:]
        let message: String

        init?(_ line: Substring) {
            let parts = line.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].isEmpty else { return nil }
            let head = parts[1].split(separator: " ", maxSplits: 1)
            name = String(head[0])
            for property in head.dropFirst().joined().split(separator: ",") {
                let pair = property.split(separator: "=", maxSplits: 1)
                guard pair.count == 2 else { continue }
                properties[String(pair[0])] = Self.text(
                    pair[1], ["%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","])
            }
            message = Self.text(parts[2], ["%0D": "\r", "%0A": "\n"])
        }

        init(_ name: String, _ properties: [String: String], _ message: String) {
            self.name = name
            self.properties = properties
            self.message = message
        }

        private static func text(_ escaped: Substring, _ codes: [String: String]) -> String {
            codes.reduce(String(escaped)) { $0.replacing($1.key, with: $1.value) }
                .replacing("%25", with: "%")
        }
    }

    private func commands(_ plan: Plan) throws -> [Command] {
        try PlanReport(plan, requests: [:]).annotations.split(separator: "\n").map {
            try #require(Command($0))
        }
    }

    private static let file = "services/web/service.yaml"

    private static func resource(_ address: Address, _ origins: [String: Origin]) -> Resource {
        var resource = Resource(address, attributes: [:], origins: origins)
        resource.file = file
        return resource
    }

    private static func origin(_ key: String, line: Int) -> Origin {
        Origin(key, at: Origin.Place(file: file, line: line, column: 3))
    }

    private static let size = FieldChange("height", before: 9, after: 10, consequence: .restart)

    @Test func aChangeIsRemarkedOnTheLineThatItComesFrom() throws {
        let plan = Samples.plan([
            Change(
                Samples.plant, .update, reason: "height: 9 → 10 (size), width: 1 → 2",
                fields: [Self.size, FieldChange("width", before: 1, after: 2)],
                desired: Self.resource(
                    Samples.plant,
                    ["height": Self.origin("size", line: 4), "width": "default"]))
        ])
        let place = ["file": Self.file, "title": "web/aws.plant: update"]
        #expect(
            try commands(plan) == [
                Command(
                    "notice", place.merging(["line": "1"]) { $1 },
                    "width: 1 → 2; the machine restarts"),
                Command(
                    "notice", place.merging(["line": "4", "col": "3"]) { $1 },
                    "height: 9 → 10; the machine restarts"),
            ])
    }

    @Test func whatRemovesIsAWarning() throws {
        let plan = Samples.plan([
            Change(Samples.bed, .delete, reason: "not in the specs any more"),
            Change(
                Samples.plant, .replace, reason: "height: 9 → 10 (size in \(Self.file):4)",
                fields: [FieldChange("height", before: 9, after: 10, consequence: .replace)],
                desired: Self.resource(
                    Samples.plant, ["height": Self.origin("size", line: 4)])),
        ])
        #expect(
            try commands(plan) == [
                Command(
                    "warning", ["title": "web: 1 to delete"], "aws.bed: not in the specs any more"
                ),
                Command(
                    "warning",
                    [
                        "file": Self.file, "line": "4", "col": "3",
                        "title": "web/aws.plant: replace",
                    ],
                    "height: 9 → 10 (size in \(Self.file):4)"),
            ])
    }

    @Test func aNewServiceIsOneRemark() throws {
        let plan = Samples.plan(
            [Samples.bed, Samples.plant].map {
                Change($0, .create, reason: "new", desired: Self.resource($0, [:]))
            })
        #expect(
            try commands(plan) == [
                Command(
                    "notice", ["file": Self.file, "line": "1", "title": "web: 2 to create"],
                    "aws.bed: new, aws.plant: new")
            ])
    }

    @Test func nothingIsSaidOfNothing() {
        #expect(PlanReport(Samples.nothing, requests: [:]).annotations == "")
    }

    /// GitHub shows the first ten of each level, and drops the rest without a word.
    @Test func theMostSeriousStayWhereThereAreMany() throws {
        let commands = try commands(Fleet(count: 1_000).plan)
        for level in ["warning", "notice"] {
            let shown = commands.filter { $0.name == level }
            #expect(shown.count == 10)
            #expect(shown.last?.properties == ["title": "The plan says more"])
            #expect(shown.dropLast().allSatisfy { $0.properties["title"]?.hasPrefix("s") == true })
        }
        #expect(commands.count == 20)
        #expect(
            commands.filter { $0.name == "notice" }.dropLast().allSatisfy {
                $0.message.hasSuffix("the machine restarts")
            })
        #expect(commands[9].message == "… and 291 more warnings; the whole plan has everything.")
    }

    /// Nothing from outside ends the line, a property or the command, or begins another one.
    @Test(arguments: ["a,b=c::d:e", "50%0A%25", "\n::error::x", "\r\n::stop-commands::t", "é⏎💥"])
    func anyTextComesThrough(_ text: String) throws {
        var resource = Resource(Samples.bed, attributes: [:])
        resource.file = text
        let change = Change(
            Samples.bed, .update, reason: text,
            fields: [FieldChange("soil", before: "loam", after: .string(text))], desired: resource)
        let commands = try commands(Samples.plan([change]))
        #expect(commands.count == 1)
        #expect(commands[0].message == text.onOneLine)
        #expect(commands[0].properties["file"] == text)
        #expect(commands[0].properties["title"] == "web/aws.bed: update")
    }

    @Test func aLongMessageIsCut() throws {
        let change = Change(Samples.bed, .update, reason: String(repeating: "é", count: 9_000))
        let message = try commands(Samples.plan([change]))[0].message
        #expect(message.hasSuffix("é…"))
        #expect(message.utf8.count < 4_096)
    }

    @Test func aSecretIsNotInIt() throws {
        let change = Change(
            Samples.plant, .update, reason: "scent changed",
            fields: [
                FieldChange("scent", before: "rose", after: "tulip", isSecret: true), Self.size,
            ], desired: Self.resource(Samples.plant, ["scent": Self.origin("secrets", line: 9)]))
        let commands = try commands(Samples.plan([change]))
        #expect(commands.map(\.message)[1] == "scent changed; the machine restarts")
        #expect(!"\(commands)".contains("rose") && !"\(commands)".contains("tulip"))
    }
}
