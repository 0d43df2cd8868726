import Synchronization

/// Lets one through at a time, in order of arrival.
final class Turnstile: Sendable {
    private struct Queue {
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let queue = Mutex(Queue())

    func pass<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = queue.withLock { queue in
                guard queue.isBusy else {
                    queue.isBusy = true
                    return true
                }
                queue.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next = queue.withLock { queue -> CheckedContinuation<Void, Never>? in
            guard !queue.waiting.isEmpty else {
                queue.isBusy = false
                return nil
            }
            return queue.waiting.removeFirst()
        }
        next?.resume()
    }
}
