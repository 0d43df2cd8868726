import Foundation
import TestSupport
import Testing

/// The live display as a person sees it, in a real terminal.
@Suite(
    .enabled(if: TerminalEmulator.tmux.isInstalled, "tmux is not installed"),
    .timeLimit(.minutes(20)))
struct ScreenTests {
    /// A line of the list of what runs: it ends with its seconds.
    private static func isLive(_ line: String) -> Bool {
        line.wholeMatch(of: /\ \ \S.* \d+s/) != nil
            || line.wholeMatch(of: /\ \ and \d+ more/) != nil
    }

    /// True for a screen with the list at its end, and only there, each object once.
    private func isOrdered(_ screen: [String], columns: Int) -> Bool {
        let list = screen.drop { !Self.isLive($0) }
        let places = list.map { $0.prefix { $0 != ":" && $0 != "…" } }
        return list.allSatisfy { Self.isLive($0) && $0.count < columns }
            && Set(places).count == places.count
    }

    /// Follows the command to its end; returns the screens that stood for at least two looks.
    private func follow(
        _ terminal: TerminalEmulator, until isSeen: ([String]) -> Bool = { _ in false }
    ) async throws -> [[String]] {
        var (screens, last): ([[String]], [String]) = ([], [])
        try await until {
            let screen = try terminal.screen()
            if screen == last, screens.last != screen { screens.append(screen) }
            last = screen
            return terminal.exitCode != nil || screens.last.map(isSeen) ?? false
        }
        return screens
    }

    private func services(in screen: [String]) -> Set<Substring> {
        Set(screen.filter(Self.isLive).map { $0.dropFirst(2).prefix { $0 != "/" } })
    }

    private static let world = ["--task-time", "1s", "--instance-time", "1s", "--boot-time", "2s"]
    private static let stages = ["librechat", "mcp", "worker"].flatMap { service in
        ["\(service): machine up", "\(service): runner online"]
    }

    /// What is left: each step's end once, no line of the list, and the summary last.
    private func expectRemains(of terminal: TerminalEmulator, columns: Int) throws {
        #expect(terminal.exitCode == 0)
        let lines = try terminal.everything()
        #expect(!lines.contains(where: Self.isLive), "\(lines.joined(separator: "\n"))")
        // What is broken below the plan is broken between words.
        let progress = lines.drop { $0.wholeMatch(of: /\d+ requests .*/) == nil }
        let tooLong = progress.filter { $0.count > columns }
        #expect(tooLong.allSatisfy { !$0.drop { $0 == " " }.contains(" ") }, "\(tooLong)")
        let text = lines.joined(separator: "\n").replacing(/\n {2,}/, with: " ")
        for line in Self.stages + ["librechat/aws.instance: created", "mcp/proxmox.vm: created"] {
            #expect(text.components(separatedBy: line).count == 2, "\(line) in \(text)")
        }
        let summary =
            /\n17 created, 2 boots finished in \d+\.\ds\. \d+ requests \(aws \d+, cloudflare \d+, github \d+, proxmox \d+\)\.$/
        #expect(text.contains(summary), "\(text)")
    }

    @Test(arguments: [(40, 30), (80, 24), (200, 50)])
    func aRunOfSeveralServices(columns: Int, rows: Int) async throws {
        try await withBench(simulate: Self.world) { (bench) async throws in
            try await bench.world.hold(after: 45)
            try await TerminalEmulator.with(
                columns: columns, rows: rows, running: ["converge", "--yes"], in: bench
            ) { terminal in
                var screens = try await follow(terminal) { services(in: $0).count > 1 }
                #expect(terminal.exitCode == nil)
                try await bench.world.release()
                screens += try await follow(terminal)
                for screen in screens {
                    let text = screen.joined(separator: "\n")
                    #expect(isOrdered(screen, columns: columns), "\(text)")
                }
                try expectRemains(of: terminal, columns: columns)
                #expect(try terminal.coloured().contains(/\u{1B}\[\d+m/))
            }
        }
    }

    @Test func aTerminalThatChangesItsSize() async throws {
        try await withBench(simulate: Self.world) { (bench) async throws in
            try await bench.world.hold(after: 45)
            try await TerminalEmulator.with(
                columns: 200, rows: 50, running: ["converge", "--yes"], in: bench
            ) { terminal in
                _ = try await follow(terminal) { services(in: $0).count > 1 }
                for columns in [40, 120, 41] {
                    try terminal.resize(columns: columns, rows: 50)
                    _ = try await follow(terminal) {
                        services(in: $0).count > 1 && isOrdered($0, columns: columns)
                    }
                    #expect(terminal.exitCode == nil)
                }
                try await bench.world.release()
                _ = try await follow(terminal)
                try expectRemains(of: terminal, columns: 200)
            }
        }
    }

    /// What the terminal itself writes for the key does not stay in the list.
    @Test func anInterruptedRun() async throws {
        try await withBench(["worker"], simulate: ["--task-time", "5s"]) { (bench) async throws in
            try await TerminalEmulator.with(
                columns: 80, rows: 24, running: ["converge", "--yes"], in: bench
            ) { terminal in
                _ = try await follow(terminal) { $0.contains(where: Self.isLive) }
                try terminal.press("C-c")
                _ = try await follow(terminal)
                #expect(terminal.exitCode == 130)
                let lines = try terminal.everything()
                #expect(
                    lines.contains(
                        "Stopping: what runs may end. Press Ctrl-C again to abandon it."))
                #expect(!lines.contains { $0.contains("^C") || Self.isLive($0) })
                let text = lines.joined(separator: " ")
                #expect(
                    text.contains(/, interrupted in \S+\. \d+ requests \([^)]+\)\.$/), "\(text)")
            }
        }
    }

    @Test(arguments: [["NO_COLOR": "1"], [:]])
    func aRunWithoutColour(environment: [String: String]) async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let options = environment.isEmpty ? ["--no-color"] : []
            try await TerminalEmulator.with(
                columns: 80, rows: 24, running: ["converge", "--yes"] + options, in: bench,
                environment: environment
            ) { terminal in
                _ = try await follow(terminal)
                #expect(terminal.exitCode == 0)
                #expect(try !terminal.coloured().contains("\u{1B}"))
            }
        }
    }
}
