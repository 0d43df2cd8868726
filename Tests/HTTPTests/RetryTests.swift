import Foundation
import HTTP
import Resources
import Simulation
import Synchronization
import Testing

@Suite struct RetryTests {
    private struct Failure: Error, Equatable {
        let attempt: Int
    }

    /// The largest or the smallest chance.
    private struct Fixed: RandomSource {
        let word: UInt64
        func next() -> UInt64 { word }
    }

    private let policy = RetryPolicy(attempts: 5, base: .seconds(1), cap: .seconds(3))

    /// When each attempt is made, in whole milliseconds from the first, if all fail.
    private func attempts(
        _ policy: RetryPolicy, _ random: any RandomSource,
        advice: @escaping @Sendable (any Error) -> RetryAdvice
    ) async throws -> [Int] {
        try await withVirtualTime { clock in
            let start = clock.now()
            let times = Times()
            await #expect(throws: Failure.self) {
                try await retrying(policy, time: clock, random: random, advice: advice) { attempt in
                    let time = clock.now().timeIntervalSince(start)
                    times.list.withLock { $0.append(Int((time * 1000).rounded())) }
                    throw Failure(attempt: attempt)
                }
            }
            return times.list.withLock { $0 }
        }
    }

    private final class Times: Sendable {
        let list = Mutex<[Int]>([])
    }

    @Test func pausesDoubleUpToTheCap() async throws {
        #expect(
            try await attempts(policy, Fixed(word: .max)) { _ in .again }
                == [0, 1000, 3000, 6000, 9000])
    }

    @Test func jitterReachesDownToNothing() async throws {
        #expect(try await attempts(policy, Fixed(word: 0)) { _ in .again } == [0, 0, 0, 0, 0])
    }

    @Test func jitterStaysWithinItsBounds() async throws {
        let times = try await attempts(
            RetryPolicy(attempts: 200, base: .seconds(1), cap: .seconds(3)), SeededRandom(seed: 7)
        ) { _ in .again }
        let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(pauses.allSatisfy { (0...3000).contains($0) })
        #expect(pauses.contains { $0 < 300 } && pauses.contains { $0 > 2700 })
    }

    @Test func theBaseIsUnderTheCap() async throws {
        let policy = RetryPolicy(attempts: 2, base: .seconds(60), cap: .seconds(2))
        #expect(try await attempts(policy, Fixed(word: .max)) { _ in .again } == [0, 2000])
    }

    @Test func theServersWishIsHonoured() async throws {
        let policy = RetryPolicy(attempts: 3, base: .seconds(1), cap: .seconds(3))
        #expect(
            try await attempts(policy, Fixed(word: 0)) { _ in .after(.seconds(60)) }
                == [0, 60_000, 120_000])
        #expect(
            try await attempts(policy, Fixed(word: .max)) { _ in .after(.seconds(60)) }
                == [0, 60_250, 120_500])
    }

    @Test func adviceEndsIt() async throws {
        let advice: @Sendable (any Error) -> RetryAdvice = {
            ($0 as? Failure)?.attempt == 2 ? .giveUp : .again
        }
        #expect(try await attempts(policy, Fixed(word: 0), advice: advice).count == 2)
    }

    @Test func theLastErrorIsThrown() async throws {
        _ = try await withVirtualTime { [policy] clock in
            await #expect(throws: Failure(attempt: 5)) {
                try await retrying(policy, time: clock, random: Fixed(word: 0)) { _ in
                    .again
                } operation: { attempt in
                    throw Failure(attempt: attempt)
                }
            }
        }
    }

    @Test func successEndsIt() async throws {
        let attempt = try await withVirtualTime { [policy] clock in
            try await retrying(policy, time: clock, random: Fixed(word: .max)) { _ in
                .again
            } operation: { attempt in
                guard attempt == 3 else { throw Failure(attempt: attempt) }
                return attempt
            }
        }
        #expect(attempt == 3)
    }

    @Test func cancellationIsNotTriedAgain() async throws {
        let calls = Times()
        _ = try await withVirtualTime { [policy] clock in
            await #expect(throws: CancellationError.self) {
                try await retrying(policy, time: clock, random: Fixed(word: 0)) { _ in
                    .again
                } operation: { attempt in
                    calls.list.withLock { $0.append(attempt) }
                    throw CancellationError()
                }
            }
        }
        #expect(calls.list.withLock { $0 } == [1])
    }

    @Test func cancellingEndsThePause() async throws {
        let passed = try await withVirtualTime { [policy] clock in
            let start = clock.now()
            let task = Task {
                try await retrying(policy, time: clock, random: Fixed(word: .max)) { _ in
                    .after(.seconds(1000))
                } operation: { attempt in
                    throw Failure(attempt: attempt)
                }
            }
            try await clock.sleep(for: .seconds(5))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            return clock.now().timeIntervalSince(start)
        }
        #expect(passed == 5)
    }
}
