import Foundation
import TestSupport
import Testing

/// A real terminal, of tmux, in which one command runs; it keeps its screen when that is over.
struct TerminalEmulator {
    static let tmux = ExternalTool("tmux")

    private let socket: String
    private let end: URL
    /// In the foreground: one that goes into the background keeps what tells of its starter's end.
    private let server = Process()

    /// Runs `body` with a terminal of its own, which is gone afterwards.
    ///
    /// - Parameter environment: what the command sees besides the bench's own.
    static func with(
        columns: Int, rows: Int, running arguments: [String], in bench: Bench,
        environment: [String: String] = [:], _ body: (TerminalEmulator) async throws -> Void
    ) async throws {
        let terminal = TerminalEmulator(in: bench.folder)
        let command = ([LaunchProcess.executable.path, "-C", bench.repository.path] + arguments)
            .map(quoted).joined(separator: " ")
        let script = try terminal.script(command, bench, environment)
        try await terminal.begin()
        defer { terminal.server.terminate() }
        try terminal.tell("set-option", "-g", "history-limit", "5000")
        try terminal.tell("set-option", "-g", "status", "off")
        try terminal.tell(
            "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
            "env -i TERM=$TERM sh \(quoted(script))")
        try await body(terminal)
    }

    private init(in folder: URL) {
        socket = folder.appending(path: "tmux").path
        end = folder.appending(path: "terminal.end")
    }

    private func begin() async throws {
        server.executableURL = Self.tmux.path.map { URL(filePath: $0) }
        server.arguments = ["-D", "-u", "-f", "/dev/null", "-S", socket]
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.runAlone()
        try await until { FileManager.default.fileExists(atPath: socket) || !server.isRunning }
    }

    /// Runs the command, notes how it ended, and keeps the screen until the server ends.
    private func script(
        _ command: String, _ bench: Bench, _ environment: [String: String]
    ) throws -> String {
        let script = end.deletingLastPathComponent().appending(path: "terminal.sh")
        let exports = bench.environment.merging(environment) { $1 }.sorted { $0.key < $1.key }
            .map { "export \($0.key)=\(Self.quoted($0.value))" }
        let lines =
            ["trap : INT"] + exports + [
                command, "echo $? >\(Self.quoted(end.path))", "exec sleep 1200\n",
            ]
        try Data(lines.joined(separator: "\n").utf8).write(to: script)
        return script.path
    }

    private static func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: "'\\''"))'"
    }

    /// The command's exit code, once it is over.
    var exitCode: Int32? {
        (try? String(contentsOf: end, encoding: .utf8)).flatMap {
            Int32($0.trimmingCharacters(in: .newlines))
        }
    }

    /// The lines on the screen, from the top, without blanks at their ends.
    func screen() throws -> [String] { try captured() }

    /// The screen, and what has scrolled away above; lines that the terminal broke are whole.
    func everything() throws -> [String] { try captured("-J", "-S", "-") }

    /// The same as it was written, with colours.
    func coloured() throws -> String { try tell("capture-pane", "-p", "-e", "-S", "-") }

    func resize(columns: Int, rows: Int) throws {
        try tell("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    func press(_ key: String) throws { try tell("send-keys", key) }

    private func captured(_ options: String...) throws -> [String] {
        let lines = try tell(["capture-pane", "-p"] + options)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        return Array(lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1))
    }

    @discardableResult
    private func tell(_ arguments: String...) throws -> String { try tell(arguments) }

    private func tell(_ arguments: [String]) throws -> String {
        let (status, text) = try Self.tmux.run(["-u", "-f", "/dev/null", "-S", socket] + arguments)
        try #require(status == 0, "\(arguments): \(text)")
        return text
    }
}
