import Dispatch
import Foundation
import Reconciling

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
struct Interruption {
    private static let grace = DispatchTimeInterval.seconds(20)
    private let watch: SignalWatch

    init<Result: Sendable>(_ stop: StopSignal, _ task: Task<Result, any Error>) {
        watch = SignalWatch {
            if stop.isRequested { return task.cancel() }
            stop.request()
            Terminal.printError("Stopping: what runs may end. Press Ctrl-C again to abandon it.")
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.grace) { task.cancel() }
        }
    }

    func end() { watch.end() }
}
