import Dispatch
import Foundation
import Reconciling

#if canImport(Glibc)
    import Glibc
#endif

/// Ctrl-C and SIGTERM: the first begins nothing new and gives what runs a while to end, the
/// second abandons it. Whatever is abandoned stands in the journal, and the next run settles it.
final class Interruption {
    private static let grace = DispatchTimeInterval.seconds(20)
    private let sources: [any DispatchSourceSignal]

    init<Result: Sendable>(_ stop: StopSignal, _ task: Task<Result, any Error>) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if stop.isRequested { return task.cancel() }
                stop.request()
                Terminal.printError(
                    "Stopping: what runs may end. Press Ctrl-C again to abandon it.")
                DispatchQueue.global().asyncAfter(deadline: .now() + Self.grace) { task.cancel() }
            }
            source.resume()
            return source
        }
    }

    func end() { sources.forEach { $0.cancel() } }
}

/// Runs `body`, and cancels it when the run's `--timeout` is over.
func withTimeout<Result: Sendable>(
    _ run: RunOptions, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    guard let limit = run.timeout?.duration else { return try await body() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
            throw CommandFailure(
                "the run took longer than --timeout \(limit.components.seconds)s",
                remedy: "Run it again; Launch goes on where it stopped.")
        }
        return result
    }
}
