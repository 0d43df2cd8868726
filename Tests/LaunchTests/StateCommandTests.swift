import Foundation
import Resources
import Testing

/// What a person does to the state itself: looks back, pulls, pushes.
@Suite(.timeLimit(.minutes(20))) struct StateCommandTests {
    private func json(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    private func write(_ text: String, _ name: String, in bench: Bench) throws -> String {
        let file = bench.folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    // MARK: - Looking back

    @Test func historyTellsWhoDidWhat() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("history") == Outcome(0, output: "No history.\n"))
            #expect(try await bench.run("converge", "--yes").code == 0)
            let converged = try await bench.run("state", "pull")
            let serial = try #require(try json(converged.output)["serial"]?.integer)
            let ci = [
                "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "me/shop",
                "GITHUB_RUN_ID": "9",
            ]
            #expect(
                try await bench.run("destroy", "worker", "--yes", environment: ci).code == 0)

            let document = try json(
                try await bench.run("history", "--limit", "500", "--format", "json").output)
            let generations = try #require(document["generations"]?.list)
            let serials = generations.compactMap { $0["serial"]?.integer }
            #expect(serials == Array((1...serials.count).reversed()))
            #expect(serials.count > serial)
            #expect(generations.first?["purpose"] == "destroy worker")
            #expect(
                generations.first?["who"]?["run_url"] == "https://github.com/me/shop/actions/runs/9"
            )
            #expect(generations.last?["purpose"] == "converge")
            #expect(generations.last?["who"]?["user"] == "ada")
            let told = generations.flatMap { $0["changes"]?.list ?? [] }.compactMap(\.string)
            #expect(told.contains("create worker/proxmox.lxc: created"))
            #expect(told.contains("delete worker/proxmox.lxc: gone"))

            let text = try await bench.run("history", "worker", "--limit", "1").output
            #expect(text.hasPrefix("SERIAL  WHEN"))
            #expect(text.contains("\n\(serials.count) "))
            #expect(
                try await bench.run("state", "pull", "--serial", "\(serial)") == converged)
            let unknown = try await bench.run("history", "workr")
            #expect(unknown.code == 1)
            #expect(
                unknown.errors.hasPrefix("Error: there is no service workr; did you mean worker?"))
        }
    }

    @Test func aSerialThatIsNotThere() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let newest = try #require(
                try json(try await bench.run("state", "pull").output)["serial"]?.integer)
            #expect(
                try await bench.run("state", "pull", "--serial", "999")
                    == Outcome(
                        1,
                        errors: """
                            Error: serial 999 of the state is not kept: there are 0 to \(newest)
                            → `launch history` lists what there is.

                            """))
        }
    }

    // MARK: - Pushing

    @Test func aStateGoesBackAndForth() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let pulled = try await bench.run("state", "pull").output
            let serial = try #require(try json(pulled)["serial"]?.integer)
            let file = try write(pulled, "state.json", in: bench)
            #expect(
                try await bench.run("state", "push", file)
                    == Outcome(0, output: "Nothing to do: the state says the same.\n"))

            var edited = try StateCoding.read(
                StateDocument.self, from: Array(pulled.utf8), location: file)
            edited.services["worker"]?.resources.removeAll { $0.address.kind.provider == .github }
            let other = try write(edited.json.jsonText(), "edited.json", in: bench)
            #expect(
                try await bench.run("state", "push", other)
                    == Outcome(
                        1,
                        output: """
                            forgotten  worker/github.runner

                            Serial \(serial) with 3 objects gives way to serial \(serial) with 2 \
                            objects.

                            """,
                        errors: """
                            Error: there is nobody to ask
                            → Say --yes to replace the state without a question.

                            """))
            #expect(try await bench.run("state", "pull").output == pulled)

            let pushed = try await bench.run("state", "push", other, "--yes")
            #expect(pushed.code == 0, "\(pushed.errors)")
            #expect(
                pushed.output.hasSuffix("\nReplaced: the state has serial \(serial + 1) now.\n"))
            #expect(
                try await bench.run("state", "list").output.split(separator: "\n").count == 2)
            let history = try await bench.run("history", "--limit", "1").output
            #expect(history.contains(/ada@\S+ +state push +the whole state replaced\n/))

            let refused = try await bench.run("state", "push", file, "--yes")
            #expect(
                refused
                    == Outcome(
                        1,
                        errors: """
                            Error: the state was not replaced: \(file) has serial \(serial), and \
                            the state has \(serial + 1)
                            → Say --force if what is there may be lost.

                            """))
            #expect(try await bench.run("state", "push", file, "--yes", "--force").code == 0)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
            #expect(
                try json(try await bench.run("state", "pull").output)["serial"]?.integer
                    == serial + 2)
        }
    }

    @Test func aStateMovesToAnotherStore() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let pulled = try json(try await bench.run("state", "pull").output)
            let file = try write(pulled.jsonText(), "state.json", in: bench)
            try bench.edit("launch.yaml", "state/launch.sqlite", "state/other.sqlite")
            #expect(try await bench.run("state", "push", file, "--yes").code == 0)
            let moved = try json(try await bench.run("state", "pull").output)
            #expect(moved["lineage"] == pulled["lineage"])
            #expect(moved["services"] == pulled["services"])
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
        }
    }

    enum Fault: String, CaseIterable, Sendable {
        case noJSON, incomplete, newer, misplaced, secret, otherProject, otherLineage

        /// What is wrong, and what helps.
        func errors(_ file: String, lineage: String) -> String {
            let correct = "\n→ Correct it; nothing was changed.\n"
            let words =
                switch self {
                case .noJSON: "\(file) is no state: the document is not JSON\(correct)"
                case .incomplete:
                    "\(file) is no state: services.worker.resources[0].id is missing\(correct)"
                case .newer:
                    "\(file): the state has format 99, written by a newer Launch; this one reads "
                        + "up to format 2\n→ Update Launch.\n"
                case .misplaced:
                    "\(file) is no state: services.worker.resources[0].address is of another "
                        + "service, web\(correct)"
                case .secret:
                    "\(file) is no state: services.worker.resources[0].attributes.seed is a "
                        + "secret, which no state holds\(correct)"
                case .otherProject:
                    "\(file): the state belongs to project \"else\", not to \"example\"\n→ "
                        + "Correct `project` or the state's place in launch.yaml; nothing was "
                        + "changed.\n"
                case .otherLineage:
                    "the state was not replaced: \(file) has lineage beef, and the state has "
                        + "\(lineage)\n→ Say --force if what is there may be lost.\n"
                }
            return "Error: \(words)"
        }

        static let canary = "canary-77d0e1"

        private static let record = """
            {"address": "worker/proxmox.lxc", "id": "100", "attributes": {}, "fingerprints": {},
             "dependencies": [], "created_at": "2026-01-01T00:00:00.000Z",
             "updated_at": "2026-01-01T00:00:00.000Z"}
            """

        func document(lineage: String) -> String {
            let record =
                switch self {
                case .incomplete: Self.record.replacing("\"id\": \"100\",", with: "")
                case .misplaced: Self.record.replacing("worker/", with: "web/")
                case .secret:
                    Self.record.replacing(
                        "\"attributes\": {}", with: "\"attributes\": {\"seed\": \"\(Self.canary)\"}"
                    )
                default: Self.record
                }
            let text = """
                {"format_version": \(self == .newer ? 99 : 1), "serial": 99,
                 "lineage": "\(self == .otherLineage ? "beef" : lineage)",
                 "project": "\(self == .otherProject ? "else" : "example")", "intents": [],
                 "services": {"worker": {"resources": [\(record)], "generations": {},
                 "timeline": []}}}
                """
            return self == .noJSON ? String(text.dropLast()) : text
        }
    }

    @Test func aDocumentThatCannotBeTheState() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let before = try await bench.run("state", "pull")
            let lineage = try #require(try json(before.output)["lineage"]?.string)
            for fault in Fault.allCases {
                let file = try write(
                    fault.document(lineage: lineage), "\(fault).json", in: bench)
                let refused = try await bench.run("state", "push", file, "--yes")
                #expect(refused == Outcome(1, errors: fault.errors(file, lineage: lineage)))
                #expect(!refused.errors.contains(Fault.canary))
                let forced = try await bench.run("state", "push", file, "--yes", "--force")
                #expect((forced.code == 0) == (fault == .otherLineage))
                if fault != .otherLineage {
                    #expect(try await bench.run("state", "pull") == before)
                }
            }
            let missing = try await bench.run("state", "push", "nowhere.json", "--yes")
            #expect(missing.errors.hasPrefix("Error: nowhere.json cannot be read\n"))
        }
    }
}
