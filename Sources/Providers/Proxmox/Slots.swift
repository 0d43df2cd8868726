import Synchronization

/// Lets only so many pieces of work of one name run at once; the rest waits its turn.
final class Slots: Sendable {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var busy: [String: Int] = [:]
        var waiting: [String: [Waiter]] = [:]
        var nextNumber = 0
        var cancelledEarly: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Runs `body` when fewer than `limit` others run under `name`.
    /// - Throws: what `body` throws, or `CancellationError` when cancelled while waiting.
    func within<Result>(
        _ limit: Int, of name: String, _ body: () async throws -> Result
    ) async throws -> Result {
        try await enter(name, limit)
        defer { leave(name) }
        return try await body()
    }

    private func enter(_ name: String, _ limit: Int) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                admit(Waiter(number: number, continuation: continuation), name, limit)
            }
        } onCancel: {
            cancel(number, name)
        }
        _ = state.withLock { $0.cancelledEarly.remove(number) }
    }

    private func admit(_ waiter: Waiter, _ name: String, _ limit: Int) {
        let verdict: Result<Void, any Error>? = state.withLock { state in
            if state.cancelledEarly.contains(waiter.number) { return .failure(CancellationError()) }
            guard state.busy[name, default: 0] >= limit else {
                state.busy[name, default: 0] += 1
                return .success(())
            }
            state.waiting[name, default: []].append(waiter)
            return nil
        }
        if let verdict { waiter.continuation.resume(with: verdict) }
    }

    private func cancel(_ number: Int, _ name: String) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiting[name]?.firstIndex(where: { $0.number == number })
            else {
                state.cancelledEarly.insert(number)
                return nil
            }
            return state.waiting[name]?.remove(at: index)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    /// Hands the place to whoever waits longest.
    private func leave(_ name: String) {
        let next: Waiter? = state.withLock { state in
            if let first = state.waiting[name]?.first {
                state.waiting[name]?.removeFirst()
                return first
            }
            state.busy[name, default: 1] -= 1
            return nil
        }
        next?.continuation.resume()
    }
}
