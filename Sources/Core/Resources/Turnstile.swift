import Synchronization

/// Lets tasks through one after the other, in the order in which they came.
package final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var queue: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// True while somebody is inside.
    package var isTaken: Bool { state.withLock { $0.isTaken } }

    /// Runs `body` while nobody else's runs.
    package func pass<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { caller in
            let isFree = state.withLock { state in
                defer { state.isTaken = true }
                if state.isTaken { state.queue.append(caller) }
                return !state.isTaken
            }
            if isFree { caller.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.queue.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.queue.removeFirst()
        }
        next?.resume()
    }
}
