import Foundation
import Synchronization

/// A token bucket for each operation, as EC2 itself keeps one: what would be throttled waits here.
///
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>
final class ActionPacing: Sendable {
    private struct Rate {
        let burst: Double
        let perSecond: Double

        init(of operation: String) {
            if operation == "ec2:RunInstances" {
                (burst, perSecond) = (5, 2)
            } else if operation == "cloudtrail:LookupEvents" {
                (burst, perSecond) = (2, 2)
            } else if operation.contains(":Describe") || operation.contains(":Get") {
                (burst, perSecond) = (100, 20)
            } else {
                (burst, perSecond) = (50, 5)
            }
        }
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: Date
    }

    private let buckets = Mutex<[String: Bucket]>([:])

    /// Takes a token, which may be one that is still to come.
    ///
    /// - Parameter operation: with its service: `ec2:RunInstances`.
    /// - Returns: How long to wait before the call.
    func admit(_ operation: String, at now: Date) -> Duration {
        let rate = Rate(of: operation)
        return change(operation, rate, now) { bucket in
            bucket.tokens -= 1
            return bucket.tokens >= 0 ? .zero : .seconds(-bucket.tokens / rate.perSecond)
        }
    }

    /// AWS's bucket is empty: so is this one.
    func drain(_ operation: String, at now: Date) {
        change(operation, Rate(of: operation), now) { $0.tokens = min(0, $0.tokens) }
    }

    private func change<Result: Sendable>(
        _ operation: String, _ rate: Rate, _ now: Date, _ body: (inout Bucket) -> Result
    ) -> Result {
        buckets.withLock { buckets in
            var bucket = buckets[operation] ?? Bucket(tokens: rate.burst, filledAt: now)
            let gained = max(0, now.timeIntervalSince(bucket.filledAt)) * rate.perSecond
            bucket.tokens = min(rate.burst, bucket.tokens + gained)
            bucket.filledAt = now
            defer { buckets[operation] = bucket }
            return body(&bucket)
        }
    }
}
