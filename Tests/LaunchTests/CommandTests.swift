import Foundation
import Resources
import Testing

/// What each command does, and the form in which it tells.
@Suite(.timeLimit(.minutes(20))) struct CommandTests {
    private func json(_ text: some StringProtocol) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    @Test func aRepositoryFromNothing() async throws {
        try await withBench([]) { (bench) async throws in
            try FileManager.default.removeItem(at: bench.repository)
            let begun = try await bench.run(
                "init", "--project", "shop", "--domain", "example.com", "--repository",
                "example/services")
            #expect(
                begun
                    == Outcome(
                        0,
                        output: """
                            created  launch.yaml
                            created  schemas/project.schema.json
                            created  schemas/service.schema.json
                            created  services/.gitkeep
                            created  state/.gitkeep
                            created  .gitignore
                            created  .github/launch/changes
                            created  .github/launch/comment
                            created  .github/launch/deploy
                            created  .github/launch/issue
                            created  .github/launch/start-deploy
                            created  .github/workflows/drift.yml
                            created  .github/workflows/plan.yml
                            The workflows need, before the first push:
                              the state is a file, which a workflow's run loses: keep it in a \
                            bucket, `state.backend: s3` in launch.yaml.
                              the workflows install Launch by the action in this repository's \
                            root, which is not there: name one as owner/name@commit, \
                            `workflows.setup` in launch.yaml.
                              secrets: LAUNCH_GITHUB_APP_KEY, LAUNCH_GITHUB_TOKEN.
                              variables: LAUNCH_GITHUB_APP_ID.
                            The state store works: SQLite at state/launch.sqlite. Next: launch \
                            new SERVICE --target aws

                            """))
            #expect(
                try await bench.run("new", "web", "--target", "aws", "--public")
                    == Outcome(
                        0,
                        output: """
                            created  services/web/service.yaml
                            created  services/web/compose.yaml

                            """))
            #expect(try await bench.run("validate") == Outcome(0, output: "1 service valid.\n"))
            #expect(try await bench.run("converge", "--yes").code == 0)
            #expect(try await bench.world.inventory()["ec2 instance"] == 1)
            #expect(try await bench.run("init").output.hasPrefix("kept     launch.yaml\n"))
        }
    }

    @Test(arguments: ["librechat", "mcp", "worker"])
    func theSeedHoldsNoSecret(service: String) async throws {
        try await withBench { (bench) async throws in
            let canary = "canary-4f1c9a"
            let shown = try await bench.run(
                "cloud-init", service, environment: ["OPENAI_API_KEY": canary])
            #expect(shown.code == 0)
            #expect(shown.output.contains("ACTIONS_RUNNER_INPUT_NAME=launch-example-\(service)"))
            for secret in bench.credentials.compactMap({ bench.environment[$0] }) + [canary] {
                #expect(!shown.output.contains(secret))
            }
            #expect(try await bench.world.requestCount() == 0)
        }
    }

    @Test func anEphemeralRunnerIsRenewedAndOneThatStaysIsNot() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let stays = Outcome(0, output: "worker: its runner stays; nothing to do.\n")
            #expect(try await bench.run("runner", "renew", "worker") == stays)
            let spec = bench.repository.appending(path: "services/worker/service.yaml")
            let text = try String(contentsOf: spec, encoding: .utf8) + "runner: ephemeral\n"
            try text.write(to: spec, atomically: false, encoding: .utf8)
            #expect(
                try await bench.run("runner", "renew", "worker")
                    == Outcome(0, output: "worker: its runner can register again.\n"))
            #expect(try await bench.world.inventory()["github secret"] == 1)
            let unknown = try await bench.run("runner", "renew", "workr")
            #expect(unknown.code == 1)
            #expect(
                unknown.errors.hasPrefix("Error: there is no service workr; did you mean worker?"))
        }
    }

    @Test func whatIsRecorded() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let list = try await bench.run("state", "list")
            let addresses = list.output.split(separator: "\n").map { $0.split(separator: " ")[0] }
            #expect(
                addresses == [
                    "worker/github.runner", "worker/proxmox.firewall", "worker/proxmox.lxc",
                ])
            let unknown = try await bench.run("state", "list", "workr")
            #expect(unknown.code == 1)
            #expect(
                unknown.errors.hasPrefix("Error: there is no service workr; did you mean worker?"))
            let shown = try json(try await bench.run("state", "show", "worker/proxmox.lxc").output)
            #expect(shown["address"] == "worker/proxmox.lxc")
            let document = try json(try await bench.run("state", "pull").output)
            #expect(document["project"] == "example")
            #expect(document["services"]?["worker"]?["resources"]?.list?.count == 3)
            let misspelt = try await bench.run("state", "show", "worker/proxmox.lcx")
            #expect(misspelt.code == 1)
            #expect(misspelt.errors.hasSuffix("\n→ Did you mean worker/proxmox.lxc?\n"))
            // A trace that goes nowhere is no reason to fail.
            let traced = try await bench.run(
                "converge", "--yes",
                environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"])
            #expect(traced.code == 0)
            #expect(
                traced.errors.contains(
                    "Warning: the trace could not be sent to http://127.0.0.1:1/v1/traces: "))
            let life = try await bench.run("why", "worker/proxmox.lxc").output
            #expect(
                life.contains(
                    /^worker\/proxmox.lxc: \d+\n  \S+Z  created  \S+ for converge\n      new\n/))
            let unborn = try await bench.run("why", "worker/proxmox.lcx")
            #expect(unborn == misspelt)
        }
    }

    @Test func theRegistryInEveryForm() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let text = try await bench.run("status").output
            #expect(
                text.contains(
                    /librechat +aws +production +running +online +runner online +– +[\d.]+\ /))
            let markdown = try await bench.run("status", "--format", "markdown").output
            #expect(markdown.contains("\n| service | target | environment | state |"))
            let document = try json(try await bench.run("status", "--format", "json").output)
            let service = try #require(document["services"]?.list?.first)
            #expect(service["name"] == "librechat")
            #expect(service["state"] == "running")
            #expect(service["url"] == "https://librechat.example.com")
            let file = bench.folder.appending(path: "status.json").path
            let silent = try await bench.run("status", "--format", "json", "--out", file)
            #expect(silent == Outcome(0))
            #expect(try json(String(contentsOfFile: file, encoding: .utf8)) == document)
        }
    }

    @Test func eventsAreLinesOfJSON() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            let run = try await bench.run("converge", "--yes", "--format", "json")
            #expect(run.code == 0)
            #expect(run.errors.isEmpty)
            let types = try run.output.split(separator: "\n").map { try json($0)["type"]?.string }
            #expect(types.first == "plan_ready")
            #expect(types.last == "summary")
            #expect(
                Set(types).subtracting(["resource_progress"]) == [
                    "plan_ready", "resource_started", "resource_done", "service_stage", "summary",
                ])

            for command in ["plan", "drift"] {
                let report = try json(try await bench.run(command, "--format", "json").output)
                #expect(report["format_version"] == 1)
                #expect(report["summary"] != nil)
            }
        }
    }

    @Test func aSavedPlanIsCarriedOutOnce() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            try await bench.run("init")
            let file = bench.folder.appending(path: "plan.json").path
            #expect(try await bench.run("plan", "--out", file).code == 0)
            let carried = try await bench.run("converge", "--plan", file)
            #expect(carried.code == 0, "\(carried.errors)")
            let before = try await bench.footprint()
            let again = try await bench.run("converge", "--plan", file)
            #expect(again.code == 1)
            #expect(
                again.errors.contains(
                    /^Error: the saved plan is out of date:\n  - the state has gone on from serial 0 to \d+\n/
                ))
            #expect(
                again.errors.contains(
                    "\n  - librechat/aws.instance: was to create, is now to no-op\n"))
            #expect(again.errors.hasSuffix("\n→ Make a new one with `launch plan --out FILE`.\n"))
            #expect(try await bench.footprint() == before)
        }
    }

    @Test func theFolderStandsBeforeOrBehindTheCommand() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            let bare = { (arguments: [String]) in
                try await LaunchProcess(
                    arguments, in: bench.folder, environment: bench.environment
                ).outcome()
            }
            let valid = Outcome(0, output: "1 service valid.\n")
            #expect(try await bare(["-C", "repository", "validate"]) == valid)
            #expect(try await bare(["validate", "-C", "repository"]) == valid)
            #expect(try await bare(["--directory=repository", "validate"]) == valid)
            #expect(try await bare(["-C", "repository", "state", "list"]) == Outcome(0))
        }
    }
}
