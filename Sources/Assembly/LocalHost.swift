import AWS
import Foundation
import Synchronization

/// This machine's files and programs.
package struct LocalHost: AWSHost {
    private let environment: [String: String]

    /// - Parameter environment: of the programs that are run; its `PATH` is where they are.
    package init(_ environment: [String: String]) { self.environment = environment }

    package func content(of path: String) throws -> [UInt8]? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            !isFolder.boolValue
        else { return nil }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw HostFailure("permission denied")
        }
        return try Self.content(of: file)
    }

    package func output(of command: [String]) async throws -> [UInt8] {
        let process = try process(command)
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        let run = Run(process)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try run.output(through: output) })
                }
            }
        } onCancel: {
            run.stop()
        }
    }

    private func process(_ command: [String]) throws -> Process {
        guard let name = command.first, let path = path(of: name) else {
            throw HostFailure("there is no such program")
        }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        return process
    }

    private func path(of program: String) -> String? {
        if program.contains("/") { return program }
        return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Bytes. Far more than credentials need.
    fileprivate static let limit = 1 << 20

    /// - Throws: `HostFailure` when it is longer than the limit or cannot be read.
    fileprivate static func content(of file: FileHandle) throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while let piece = try file.read(upToCount: limit), !piece.isEmpty {
                bytes += piece
                if bytes.count > limit { break }
            }
        } catch {
            throw HostFailure("it cannot be read")
        }
        if bytes.count > limit { throw HostFailure("it is longer than \(limit >> 20) MiB") }
        return bytes
    }
}

/// One run of a program.
private final class Run: Sendable {
    private enum Stage { case waiting, running, cancelled }

    /// Started and stopped under the stage's lock; what else is called of it may come from any
    /// thread.
    private let process: Process
    private let stage = Mutex(Stage.waiting)

    init(_ process: Process) { self.process = process }

    /// Starts it and waits for its end.
    func output(through pipe: Pipe) throws -> [UInt8] {
        try start()
        let printed = Result { try LocalHost.content(of: pipe.fileHandleForReading) }
        if case .failure = printed { kill() }
        process.waitUntilExit()
        if stage.withLock({ $0 == .cancelled }) { throw CancellationError() }
        let bytes = try printed.get()
        guard process.terminationReason == .exit else { throw HostFailure("a signal ended it") }
        guard process.terminationStatus == 0 else {
            throw HostFailure("it ended with the exit code \(process.terminationStatus)")
        }
        return bytes
    }

    func stop() {
        stage.withLock { stage in
            if stage == .running { kill() }
            stage = .cancelled
        }
    }

    /// A program may have been told to ignore anything milder.
    private func kill() { _ = Foundation.kill(process.processIdentifier, SIGKILL) }

    private func start() throws {
        try stage.withLock { stage in
            if stage == .cancelled { throw CancellationError() }
            do {
                try process.run()
            } catch {
                throw HostFailure("it cannot be started")
            }
            stage = .running
        }
    }
}
