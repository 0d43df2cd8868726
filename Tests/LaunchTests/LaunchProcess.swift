import Foundation
import TestSupport

/// How a process ended, and what it said.
struct Outcome: Equatable {
    /// The exit code; 128 and the signal's number when a signal ended it.
    var code: Int32
    var output: String
    var errors: String

    init(_ code: Int32, output: String = "", errors: String = "") {
        self.code = code
        self.output = output
        self.errors = errors
    }
}

/// A run of the built command. Its output goes to files, so that it never blocks on a reader.
final class LaunchProcess: Sendable {
    /// Beside the test bundle: the same build.
    static let executable: URL = {
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: bundle ?? CommandLine.arguments[0])
            .deletingLastPathComponent().appending(path: "launch")
    }()

    let outputFile: URL
    let errorFile: URL
    private let process = Process()
    private let end: AsyncStream<Int32>

    /// Starts it.
    /// - Parameter terminal: what stands for stdin, where nothing is, and for stderr, a file.
    init(
        _ arguments: [String], in folder: URL, environment: [String: String],
        terminal: FileHandle? = nil
    ) throws {
        let name = UUID().uuidString
        outputFile = folder.appending(path: "\(name).out")
        errorFile = folder.appending(path: "\(name).err")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        let (end, ending) = AsyncStream.makeStream(of: Int32.self)
        self.end = end
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        process.standardInput = terminal ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try terminal ?? FileHandle(forWritingTo: errorFile)
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            ending.yield(process.terminationStatus + (isSignal ? 128 : 0))
            ending.finish()
        }
        try process.runAlone()
    }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    /// What it has said on stdout so far.
    var output: String { Self.text(of: outputFile) }
    /// What it has said on stderr so far.
    var errors: String { Self.text(of: errorFile) }

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Waits for its end.
    func outcome() async -> Outcome {
        var code: Int32 = -1
        for await status in end { code = status }
        return Outcome(code, output: output, errors: errors)
    }

    private static func text(of file: URL) -> String {
        (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }
}

/// Looks again and again until `condition` holds; the suite's time limit ends a vain wait.
func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(10)) }
}
