import Synchronization

/// Brings together what is asked for at the same time: while one group is carried out, the next
/// one gathers, so nobody waits for a window of time to close.
///
/// Whoever comes first carries its group out, and then hands over to the first who came since.
/// No task but the callers' own is involved, so their cancellation and their clock hold.
final class GroupCommit<Item: Sendable, Outcome: Sendable>: Sendable {
    typealias CarryOut = @Sendable ([Item]) async throws -> [Result<Outcome, any Error>]

    private enum Turn: Sendable {
        case lead
        case ended(Result<Outcome, any Error>)
    }

    private struct Waiter {
        let item: Item
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct State {
        var isBusy = false
        var waiting: [Waiter] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many make a group at most.
    init(limit: Int) { self.limit = limit }

    /// - Parameter carryOut: does the same for whole groups, and answers in their order. Items
    ///   whose leader is cancelled meanwhile are carried out again.
    /// - Throws: the item's own error, or what `carryOut` throws.
    func submit(_ item: Item, _ carryOut: CarryOut) async throws -> Outcome {
        let turn = await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                if state.isBusy {
                    state.waiting.append(Waiter(item: item, continuation: continuation))
                    return false
                }
                state.isBusy = true
                return true
            }
            if isFirst { continuation.resume(returning: .lead) }
        }
        switch turn {
        case .ended(let result): return try result.get()
        case .lead:
            // Those who begin in the same turn come along.
            await Task.yield()
            return try await lead(item, carryOut)
        }
    }

    private func lead(_ item: Item, _ carryOut: CarryOut) async throws -> Outcome {
        let others = state.withLock { state in
            let others = Array(state.waiting.prefix(limit - 1))
            state.waiting.removeFirst(others.count)
            return others
        }
        defer { handOver() }
        do {
            try Task.checkCancellation()
            let results = try await carryOut([item] + others.map(\.item))
            for (waiter, result) in zip(others, results.dropFirst()) {
                waiter.continuation.resume(returning: .ended(result))
            }
            return try results[0].get()
        } catch {
            release(others, after: error)
            throw error
        }
    }

    private func release(_ others: [Waiter], after error: any Error) {
        if error is CancellationError {
            return state.withLock { $0.waiting.insert(contentsOf: others, at: 0) }
        }
        for waiter in others { waiter.continuation.resume(returning: .ended(.failure(error))) }
    }

    private func handOver() {
        let next = state.withLock { state in
            state.isBusy = !state.waiting.isEmpty
            return state.isBusy ? state.waiting.removeFirst() : nil
        }
        next?.continuation.resume(returning: .lead)
    }
}
