import Resources

package import Foundation
import Synchronization

/// A clock that stands still until everyone waits, then jumps to the next one to wake.
///
/// `SimulationExecutor` moves it; a year of waiting takes no time.
package final class VirtualClock: TimeSource {
    private struct Sleeper {
        let deadline: Date
        let order: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Date
        var nextOrder = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelledEarly: Set<Int> = []
    }

    private let state: Mutex<State>

    package init(startingAt start: Date = Date(timeIntervalSince1970: 1_790_000_000)) {
        state = Mutex(State(now: start))
    }

    package func now() -> Date { state.withLock { $0.now } }

    /// Moves the clock on by hand, waking nobody: time that passes between two runs.
    package func advance(by duration: Duration) {
        state.withLock { $0.now += duration.seconds }
    }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        let order = state.withLock { state in
            state.nextOrder += 1
            return state.nextOrder
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                let isCancelled = state.withLock { state in
                    if state.cancelledEarly.remove(order) != nil { return true }
                    let deadline = state.now.addingTimeInterval(max(0, duration.seconds))
                    state.sleepers[order] = Sleeper(
                        deadline: deadline, order: order, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: order)
                if sleeper == nil { state.cancelledEarly.insert(order) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
        _ = state.withLock { $0.cancelledEarly.remove(order) }
    }

    /// Jumps to the earliest sleeper and wakes it; false when nobody sleeps.
    func wakeNext() -> Bool {
        let sleeper = state.withLock { state -> Sleeper? in
            let next = state.sleepers.values.min {
                ($0.deadline, $0.order) < ($1.deadline, $1.order)
            }
            guard let next else { return nil }
            state.sleepers[next.order] = nil
            state.now = max(state.now, next.deadline)
            return next
        }
        sleeper?.continuation.resume()
        return sleeper != nil
    }
}

extension Duration {
    /// Whole and fractional seconds.
    package var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
