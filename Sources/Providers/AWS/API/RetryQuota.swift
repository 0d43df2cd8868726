import HTTP
import Synchronization

/// What all retries of one client may cost together, so that an outage is not met with a storm.
///
/// The SDKs' standard mode: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
final class RetryQuota: Sendable {
    private static let capacity = 500
    private let tokens = Mutex(capacity)

    /// What a retry after this error costs.
    static func cost(ofRetrying error: any Error) -> Int {
        (error as? AWSError)?.isThrottling == true ? 5 : 14
    }

    /// - Returns: False when there are not as many tokens left: then there is no retry.
    func spend(_ cost: Int) -> Bool {
        tokens.withLock { tokens in
            guard tokens >= cost else { return false }
            tokens -= cost
            return true
        }
    }

    /// A success gives back what the last retry before it cost; without one it gives one token.
    func succeed(afterRetryFor cost: Int?) {
        tokens.withLock { $0 = min(Self.capacity, $0 + (cost ?? 1)) }
    }
}
