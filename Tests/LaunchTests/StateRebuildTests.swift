import Foundation
import Resources
import Testing

/// The state file is deleted, and what there is brings it back.
@Suite(.timeLimit(.minutes(20))) struct StateRebuildTests {
    private func loseState(of bench: Bench) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: bench.stateFile.path + suffix)
        }
    }

    @Test func afterARebuildThereIsNothingToDo() async throws {
        try await withBench { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let listed = try await bench.run("state", "list")
            try loseState(of: bench)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 2)

            let rebuilt = try await bench.run("state", "rebuild", "--yes")
            #expect(rebuilt.code == 0, "\(rebuilt.errors)")
            #expect(rebuilt.output.contains(/recorded +librechat\/aws\.instance +i-/))
            #expect(rebuilt.output.hasSuffix("State: 17 recorded.\n"))
            #expect(try await bench.run("state", "list") == listed)
            for command in ["plan", "drift"] {
                let checked = try await bench.run(command, "--detailed-exitcode")
                #expect(checked.code == 0, "\(checked.output)")
            }
            #expect(try await bench.world.inventory() == Bench.everything)
        }
    }

    @Test func aStateThatIsThereIsReplacedOnlyByForce() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let before = try await bench.footprint()
            #expect(
                try await bench.run("state", "rebuild", "--yes")
                    == Outcome(
                        1,
                        errors: """
                            Error: the state is there already: it records 3 objects
                            → Say --force to replace what the world does not confirm.

                            """))
            let forced = try await bench.run("state", "rebuild", "--force", "--format", "json")
            #expect(forced.code == 0)
            let document = try JSONDecoder().decode(Value.self, from: Data(forced.output.utf8))
            #expect(document["summary"]?["kept"] == 3)
            #expect(document["not_looked_at"] == [])
            #expect(try await bench.footprint() == before)
        }
    }

    @Test func whatCannotBeSeenIsSaid() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let rebuilt = try await bench.run(
                "state", "rebuild", environment: ["AWS_ACCESS_KEY_ID": nil])
            #expect(
                rebuilt
                    == Outcome(
                        0,
                        output: """
                            Nothing bears the mark of example.
                            Not looked at, for want of credentials: aws.

                            """))
        }
    }
}
