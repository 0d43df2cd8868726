package import Resources

/// How often and how long to try again.
package struct RetryPolicy: Hashable, Sendable {
    package let attempts: Int
    /// The upper bound of the first pause; it doubles with each attempt.
    package let base: Duration
    package let cap: Duration

    package init(attempts: Int, base: Duration, cap: Duration) {
        self.attempts = attempts
        self.base = base
        self.cap = cap
    }

    package static let standard = RetryPolicy(
        attempts: 8, base: .milliseconds(500), cap: .seconds(20))
}

/// What to do about a failed attempt.
package enum RetryAdvice: Hashable, Sendable {
    case giveUp
    case again
    /// The server said how long to wait.
    case after(Duration)
}

/// Repeats `operation` with full jitter until it passes, `advice` gives up, or the policy ends.
///
/// `advice` is not asked about `CancellationError`, which always ends it.
/// - Throws: the last attempt's error, or `CancellationError`.
package func retrying<Result>(
    _ policy: RetryPolicy, time: any TimeSource, random: any RandomSource,
    advice: (any Error) -> RetryAdvice,
    operation: (_ attempt: Int) async throws -> Result
) async throws -> Result {
    var bound = min(policy.base, policy.cap)
    for attempt in 1... {
        do {
            return try await operation(attempt)
        } catch {
            guard attempt < policy.attempts, !(error is CancellationError) else { throw error }
            let pause: Duration
            switch advice(error) {
            case .giveUp: throw error
            case .again: pause = bound * random.fraction()
            case .after(let wished): pause = wished + .milliseconds(250) * random.fraction()
            }
            try await time.sleep(for: pause)
            bound = min(bound * 2, policy.cap)
        }
    }
    preconditionFailure("the loop above returns or throws")
}
