import Foundation
import Testing

/// Progress on a terminal and elsewhere.
@Suite(.timeLimit(.minutes(20))) struct DisplayTests {
    /// What is left when all is over: each line once, without times.
    static let remains = [
        "3 created, 1 boot finished in", "worker/github.runner: created in",
        "worker/proxmox.firewall: created in", "worker/proxmox.lxc: created in",
        "worker/proxmox.lxc: what it booted from is removed in", "worker: machine up",
        "worker: runner online",
    ]

    /// Without the time at its end.
    private func untimed(_ text: String) -> String {
        text.replacing(/\ \(?\d+\.\ds\)?\.?/, with: "")
    }

    @Test(arguments: [(120, 24), (40, 24), (40, 3)])
    func aLiveDisplayLeavesNothingBehind(columns: Int, rows: Int) async throws {
        try await withBench(["worker"], simulate: ["--task-time", "1s"]) { (bench) async throws in
            let terminal = try PseudoTerminal(columns: columns, rows: rows)
            let run = try bench.start("converge", "--yes", terminal: terminal.device)
            try await until {
                terminal.drain()
                return !run.isRunning
            }
            #expect(await run.outcome().code == 0)
            terminal.drain()
            #expect(terminal.text.contains(/\r\u{1B}\[\d+A\u{1B}\[J/))
            #expect(terminal.text.contains(/…\ \d+s\s/))
            // A line that is broken goes on below its beginning.
            let left = untimed(
                terminal.lines.joined(separator: "\n").replacing("\n    ", with: " "))
            for line in Self.remains {
                #expect(left.components(separatedBy: line).count == 2, "\(line) in \(left)")
            }
            #expect(!left.contains("…"), "\(left)")
        }
    }

    @Test func plainLinesElsewhere() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let end = try await bench.run("converge", "--yes")
            #expect(end.code == 0)
            #expect(!(end.errors + end.output).contains("\u{1B}"))
            let lines = end.errors.split(separator: "\n").map { untimed(String($0)) }
            for remain in Self.remains {
                #expect(lines.count { $0.hasPrefix(remain) } == 1, "\(remain)")
            }
            #expect(lines.last?.contains(" requests (") == true)
        }
    }

    @Test(arguments: [["--no-color"], []])
    func colourCanBeSwitchedOff(options: [String]) async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            let terminal = try PseudoTerminal(columns: 80, rows: 24)
            let run = try bench.start(
                ["converge", "--yes"] + options,
                environment: options.isEmpty ? ["NO_COLOR": "1"] : [:], terminal: terminal.device)
            try await until {
                terminal.drain()
                return !run.isRunning
            }
            #expect(await run.outcome().code == 0)
            terminal.drain()
            #expect(!terminal.text.contains(/\u{1B}\[\d+m/))
        }
    }

    @Test func logsAreJSONWithoutCredentials() async throws {
        try await withBench { (bench) async throws in
            let end = try await bench.run("converge", "--yes", "-v", "--log-format", "json")
            #expect(end.code == 0)
            for line in end.errors.split(separator: "\n") {
                let fields = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
                #expect(Set(fields.keys).isSuperset(of: ["level", "message", "time"]))
            }
            let state = try await bench.run("state", "pull").output
            for name in bench.credentials {
                let canary = try #require(bench.environment[name])
                #expect(!(end.errors + end.output + state).contains(canary), "\(name) is told")
            }
            let file = try Data(contentsOf: bench.stateFile)
            #expect(file.range(of: Data("github_pat_".utf8)) == nil)
        }
    }
}
