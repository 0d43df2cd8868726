import Foundation
import Testing

/// Specs and command lines with mistakes: what is wrong, what is allowed, exit 1.
@Suite(.timeLimit(.minutes(20))) struct BadCommandTests {
    @Test func mistakesInTwoFilesAreToldTogether() async throws {
        try await withBench { (bench) async throws in
            try bench.edit("services/librechat/service.yaml", "size: medium", "size: meduim")
            try bench.edit("services/mcp/service.yaml", "size: small", "size: tiny")
            let refused = Outcome(
                1,
                errors: """
                    services/librechat/service.yaml:4:7: error: "size" must be small, medium, \
                    large or xlarge, or {cpu, memory, disk}, not "meduim"; did you mean medium?
                    services/mcp/service.yaml:5:7: error: "size" must be small, medium, large or \
                    xlarge, or {cpu, memory, disk}, not "tiny"

                    """)
            #expect(try await bench.run("validate") == refused)
            #expect(try await bench.run("converge", "--yes") == refused)
            #expect(!FileManager.default.fileExists(atPath: bench.stateFile.path))
            #expect(try await bench.world.requestCount() == 0)
        }
    }

    static let mistakes: [([String], String)] = [
        (
            ["plan", "librechap"],
            "Error: there is no service librechap; did you mean librechat?\n→ Known: librechat.\n"
        ),
        (["conver"], "Error: there is no command conver\n→ Did you mean `launch converge`?\n"),
        (
            ["state", "lst"],
            "Error: there is no command state lst\n→ Did you mean `launch state list`?\n"
        ),
        (["xyzzy"], "Error: there is no command xyzzy\n→ `launch --help` shows what there is.\n"),
        (
            ["destroy"],
            """
            Error: Name the services to take down, or say --all.
            Usage: launch destroy [<options>] [<services> ...]
              See 'launch destroy --help' for more information.

            """
        ),
        (
            ["plan", "--report", "plan.md", "--report", "plan.pdf"],
            """
            Error: --report plan.pdf ends in none of .txt, .json, .md and .html, which say its form.
            Usage: launch plan [<options>] [<services> ...]
              See 'launch plan --help' for more information.

            """
        ),
        (
            ["converge", "--parallelism", "0"],
            """
            Error: --parallelism must be from 1 to 256, not 0.
            Usage: launch converge [<options>] [<services> ...]
              See 'launch converge --help' for more information.

            """
        ),
        (
            ["converge", "--timeout", "soon"],
            """
            Error: The value 'soon' is invalid for '--timeout <timeout>'
            Help:  --timeout <timeout>  End the run after this long, like 90s or 10m.
            Usage: launch converge [<options>] [<services> ...]
              See 'launch converge --help' for more information.

            """
        ),
        (
            ["converge", "--plan", "/nowhere"],
            "Error: /nowhere cannot be read\n→ Make it with `launch plan --out /nowhere`.\n"
        ),
        (
            ["new", "Web", "--target", "aws"],
            """
            Error: Web must be a name of small letters, digits and hyphens, at most 31 long, that \
            begins with a letter and does not end with a hyphen
            → Choose another name.

            """
        ),
        (
            ["new", "librechat", "--target", "aws"],
            """
            Error: services/librechat/service.yaml, services/librechat/compose.yaml are there \
            already
            → Choose another name, or edit them.

            """
        ),
        (
            ["state", "show", "librechat/aws.instance"],
            """
            Error: there is no librechat/aws.instance in the state
            → `launch state list` shows what there is.

            """
        ),
    ]

    @Test(arguments: mistakes)
    func mistakesOnTheCommandLine(arguments: [String], errors: String) async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            let refused = try await bench.run(arguments)
            #expect(refused == Outcome(1, errors: errors))
            #expect(try await bench.world.requestCount() == 0)
        }
    }

    @Test(arguments: [
        ["plan"], ["converge"], ["drift"], ["destroy"], ["status"], ["wait"], ["validate"],
        ["history"], ["cloud-init"], ["state", "list"], ["runner", "renew"],
        ["adopt"], ["plan", "--upgrade-image"], ["converge", "--upgrade-image"],
    ])
    func anUnknownServiceGetsTheNearest(command: [String]) async throws {
        try await withBench(["librechat", "worker"]) { (bench) async throws in
            #expect(
                try await bench.run(
                    command + ["workr"] + (command == ["adopt"] ? ["workr/aws.volume", "v"] : []))
                    == Outcome(
                        1,
                        errors: """
                            Error: there is no service workr; did you mean worker?
                            → Known: librechat, worker.

                            """))
            #expect(try await bench.world.requestCount() == 0)
        }
    }

    @Test func anUnknownOptionGetsTheNearest() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            let refused = try await bench.run("plan", "--formatt", "json")
            #expect(refused.code == 1)
            #expect(
                refused.errors.hasPrefix(
                    "Error: Unknown option '--formatt'. Did you mean '--format'?\n"))
        }
    }

    @Test func aFolderWithoutAProject() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            try FileManager.default.removeItem(at: bench.repository.appending(path: "launch.yaml"))
            #expect(
                try await bench.run("plan")
                    == Outcome(
                        1,
                        errors: """
                            launch.yaml:1:1: error: there is no launch.yaml here; run `launch \
                            init` to begin a project, or name its folder with --directory

                            """))
            try FileManager.default.removeItem(at: bench.repository)
            #expect(
                try await bench.run("plan")
                    == Outcome(
                        1,
                        errors: """
                            Error: there is no folder \(bench.repository.path)
                            → Correct --directory, or begin a project there with `launch init`.

                            """))
        }
    }

    @Test func aReportThatCannotBeWritten() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            let refused = try await bench.run("status", "--out", "/nowhere/status")
            #expect(
                refused
                    == Outcome(
                        1,
                        errors: """
                            Error: /nowhere/status cannot be written
                            → Check the folder and its permissions.

                            """))
        }
    }
}
