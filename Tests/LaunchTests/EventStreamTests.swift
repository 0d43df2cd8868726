import Foundation
import Resources
import TestSupport
import Testing

/// What programs read of a run, by a validator that is not ours, however the run ends.
@Suite(.timeLimit(.minutes(20))) struct EventStreamTests {
    /// Every line as the schema says, and the last one, and only it, a summary.
    private func summary(of end: Outcome) throws -> Value {
        let lines = end.output.split(separator: "\n").map(String.init)
        if PublishedSchema.isCheckable {
            #expect(try PublishedSchema("events").complaint(lines) == nil)
        }
        let events = try lines.map { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
        #expect(events.dropLast().allSatisfy { $0["type"] != "summary" })
        let last = try #require(events.last)
        #expect(last["type"] == "summary")
        return last
    }

    /// Every line of stderr is an object with the members that all have.
    private func logs(of end: Outcome) throws -> [Value] {
        try end.errors.split(separator: "\n").map { line in
            let object = try JSONDecoder().decode(Value.self, from: Data(line.utf8))
            let names = Set((object.object ?? [:]).keys)
            #expect(names.isSuperset(of: Self.members), "\(line)")
            return object
        }
    }

    private static let members: Set = ["level", "message", "time"]
    private static let converge = [
        "converge", "--yes", "--format", "json", "--log-format", "json",
    ]

    @Test func aRunThatSucceeds() async throws {
        try await withBench { (bench) async throws in
            let end = try await bench.run(Self.converge)
            #expect(end.code == 0)
            let summary = try summary(of: end)
            #expect(summary["error"] == nil)
            #expect(summary["changes"]?["create"] == 17)
            #expect((summary["requests"]?["count"]?.integer ?? 0) > 17)
            #expect(try logs(of: end) == [])
            let destroyed = try await bench.run(
                "destroy", "--all", "--yes", "--with-data", "--format", "json")
            #expect(try self.summary(of: destroyed)["changes"]?["delete"] == 17)
        }
    }

    @Test func aRunThatFails() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            try await bench.world.fail("/firewall/", with: "forbidden")
            let end = try await bench.run(Self.converge)
            #expect(end.code == 1)
            let summary = try summary(of: end)
            #expect(summary["failed"] == 1)
            #expect(summary["error"] == nil)
            #expect(end.output.contains(#""type":"resource_failed""#))
        }
    }

    @Test func aRunThatIsInterruptedOnceAndTwice() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            let run = try bench.start(Self.converge)
            try await until { try await bench.world.inventory()["ec2 instance"] == 1 }
            try await until { run.output.contains("waiting for runner") }
            run.send(SIGINT)
            try await until { run.errors.contains("Stopping: ") }
            run.send(SIGINT)
            let end = await run.outcome()
            #expect(end.code == 130)
            let summary = try summary(of: end)
            #expect(summary["interrupted"] == true)
            #expect((summary["done"]?.integer ?? 0) > 0)
            #expect(try logs(of: end).first?["level"] == "info")
        }
    }

    /// What stops a run before it has begun, and what it says.
    static let obstacles: [(file: String, old: String, new: String, code: Int32, words: String)] = [
        ("launch.yaml", "limits:", "limitz:", 1, "launch.yaml:"),
        ("services/worker/service.yaml", "size: small", "size: smal", 1, "did you mean small?"),
        ("launch.yaml", "monthly_usd: 200", "monthly_usd: 1", 4, "limits.monthly_usd"),
    ]

    @Test(arguments: obstacles)
    func aRunThatIsRefused(
        file: String, old: String, new: String, code: Int32, words: String
    ) async throws {
        try await withBench { (bench) async throws in
            try bench.edit(file, old, new)
            let end = try await bench.run(Self.converge)
            #expect(end.code == code)
            let error = try #require(try summary(of: end)["error"])
            #expect(error["message"]?.string?.contains(words) == true)
            let logs = try logs(of: end)
            #expect(logs.map { $0["level"] } == ["error"])
            #expect(logs[0]["message"]?.string?.contains(words) == true)
        }
    }

    @Test(arguments: [
        ["converge", "web"], ["converge", "--timeout", "soon"], ["convrge"], ["state", "lst"],
        ["converge", "--plan", "/nowhere"], ["destroy"], ["plan", "--fromat", "json"],
    ])
    func everyComplaintIsALogLine(arguments: [String]) async throws {
        try await withBench(["worker"]) { (bench) async throws in
            for format in [["--log-format", "json"], ["--log-format=json"]] {
                let end = try await bench.run(arguments + format)
                #expect(end.code == 1)
                #expect(end.output.isEmpty)
                #expect(try logs(of: end).map { $0["level"] } == ["error"])
            }
        }
    }
}
