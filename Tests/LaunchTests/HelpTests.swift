import Foundation
import Resources
import Testing

/// What `--help` and `--version` tell; they need no repository and no cloud.
@Suite(.timeLimit(.minutes(20))) struct HelpTests {
    private func launch(_ arguments: String...) async throws -> Outcome {
        try await launch(arguments)
    }

    private func launch(_ arguments: [String]) async throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "launch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await LaunchProcess(arguments, in: folder, environment: [:]).outcome()
    }

    @Test func theVersion() async throws {
        let version = try await launch("--version")
        #expect(version == Outcome(0, output: "0.1.0\n"))
    }

    private static let global = ["-C, --directory", "--no-color", "-v, --verbose", "--log-format"]
    private static let run = ["--parallelism", "--timeout", "--lock-timeout"]
    private static let consent = ["-y, --yes", "--allow-deletes", "--allow-replaces"]

    static let options: [(String, [String])] = [
        (
            "init",
            global + run
                + [
                    "--project", "--domain", "--repository", "--state", "--region", "--endpoint",
                    "--from-hcl",
                ]
        ),
        ("new", global + ["--target", "--size", "--public"]),
        ("validate", global),
        ("plan", global + run + ["--format", "--report", "--out", "--detailed-exitcode"]),
        ("converge", global + run + consent + ["--format", "--plan", "--with-data"]),
        (
            "drift",
            global + run + ["--format", "--out", "--report", "--detailed-exitcode", "--accept"]
        ),
        ("destroy", global + run + consent + ["--format", "--all", "--with-data"]),
        ("status", global + run + ["--format", "--out"]),
        ("history", global + ["--limit", "--format", "--out"]),
        ("why", global + ["--format", "--out"]),
        (
            "adopt",
            global + run
                + [
                    "--discover", "--format", "--from-terraform", "--lock-table", "--map",
                    "--leave", "-y, --yes",
                ]
        ),
        ("state export", global + ["--terraform"]),
        ("state forget", global + run + ["-y, --yes", "--format"]),
        ("state list", global), ("state show", global), ("state pull", global + ["--serial"]),
        ("state push", global + run + ["--force", "-y, --yes"]), ("state unlock", global),
        (
            "state rekey",
            global + run + ["--new-passphrase-env", "--new-kms-key-id", "--decrypt"]
        ),
        ("state rebuild", global + run + ["--force", "-y, --yes", "--format"]),
        ("runner renew", global),
        ("workflows", global + ["--check"]), ("cloud-init", global),
        (
            "simulate",
            global + ["--port-file", "--boot-time", "--task-time", "--instance-time"]
        ),
    ]

    @Test func helpOnAnUnknownCommandNamesTheNearest() async throws {
        #expect(
            try await launch("help", "stat", "list")
                == Outcome(
                    1, errors: "Error: there is no command stat\n→ Did you mean `launch state`?\n"))
    }

    /// Every command, also those of commands, as ArgumentParser knows them.
    @Test func everyCommandShowsAnExample() async throws {
        let dump = try await launch("--experimental-dump-help").output
        let tree = try JSONDecoder().decode(Value.self, from: Data(dump.utf8))
        var paths: [[String]] = []
        func visit(_ command: Value, _ path: [String]) {
            for next in command["subcommands"]?.list ?? [] {
                guard let name = next["commandName"]?.string, name != "help" else { continue }
                paths.append(path + [name])
                visit(next, path + [name])
            }
        }
        visit(try #require(tree["command"]), [])
        #expect(paths.count > 25)
        for path in paths {
            let help = try await launch(path + ["--help"])
            #expect(help.code == 0)
            #expect(help.output.contains("\nExample: launch \(path.joined(separator: " "))"))
        }
    }

    @Test(arguments: options)
    func everyCommandShowsAnExampleAndItsOptions(command: String, options: [String]) async throws {
        let help = try await launch(command.split(separator: " ").map(String.init) + ["--help"])
        #expect(help.code == 0)
        #expect(help.output.contains("\nExample: launch \(command)"))
        for option in options {
            #expect(help.output.contains("\n  \(option) "), "\(option)")
        }
        let longest =
            help.output.split(separator: "\n").filter { !$0.hasPrefix("USAGE") }
            .map(\.count).max() ?? 0
        #expect(longest <= 80)
    }

    /// Each shell that is there takes its own without complaint.
    @Test(arguments: [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
    func shellsCompleteCommandsAndServices(shell: String, check: String) async throws {
        let script = try await launch("--generate-completion-script", shell)
        #expect(script.code == 0)
        for word in ["converge", "lock-timeout", "ls services 2>/dev/null"] {
            #expect(script.output.contains(word))
        }
        let file = FileManager.default.temporaryDirectory.appending(
            path: "completions-\(UUID().uuidString)")
        try Data(script.output.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        guard
            let program = ["/bin/", "/usr/bin/"].map({ $0 + shell }).first(
                where: FileManager.default.isExecutableFile)
        else { return }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [check, file.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func theOverviewNamesEveryCommand() async throws {
        let help = try await launch("--help")
        for (command, _) in Self.options {
            #expect(help.output.contains("\n  \(command.split(separator: " ")[0]) "))
        }
    }
}
