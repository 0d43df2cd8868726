import Dispatch
import Foundation
import Reconciling
import Synchronization

/// Tells of Ctrl-C and SIGTERM instead of dying of them.
final class SignalWatch: Sendable {
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init(_ action: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: action)
            source.resume()
            return source
        }
    }

    func end() { sources.forEach { $0.cancel() } }
}

/// Ctrl-C during a run: the first begins nothing new and gives what runs a while to end, the
/// second abandons it. Whatever is abandoned stands in the journal, and the next run settles it.
/// Before the first change there is nothing to wait for: then the first abandons as well.
struct Interruption {
    private static let grace = DispatchTimeInterval.seconds(20)
    private let watch: SignalWatch

    init<Result: Sendable>(
        _ stop: StopSignal, _ task: Task<Result, any Error>,
        hasBegun: @escaping @Sendable () -> Bool,
        say: @escaping @Sendable (String) -> Void
    ) {
        watch = SignalWatch {
            guard hasBegun(), !stop.isRequested else { return task.cancel() }
            stop.request()
            say("Stopping: what runs may end. Press Ctrl-C again to abandon it.")
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.grace) { task.cancel() }
        }
    }

    func end() { watch.end() }
}

/// Something that happens once.
final class Milestone: Sendable {
    private let reached = Mutex(false)

    var isReached: Bool { reached.withLock { $0 } }

    func reach() { reached.withLock { $0 = true } }
}
