import HTTP
import Resources

import Foundation

/// How GitHub tells that there were too many requests:
/// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
enum RateLimit {
    /// The shortest pause after a secondary limit that does not name one.
    static let leastPause = Duration.seconds(60)

    /// How long to wait before the same request; `nil` when the answer is no rate limit.
    static func pause(asked response: HTTPResponse, at now: Date) -> Duration? {
        guard response.status == 403 || response.status == 429 else { return nil }
        if let seconds = response.header("Retry-After").flatMap(Int.init) {
            return .seconds(seconds)
        }
        if response.header("X-RateLimit-Remaining") == "0",
            let reset = response.header("X-RateLimit-Reset").flatMap(Double.init)
        {
            return .seconds(max(1, (reset - now.timeIntervalSince1970).rounded(.up)))
        }
        return response.status == 429 || pointsToRateLimits(response) ? leastPause : nil
    }

    /// A secondary limit without headers differs from a missing permission in this alone.
    private static func pointsToRateLimits(_ response: HTTPResponse) -> Bool {
        response.json?["documentation_url"]?.string?.contains("rate-limit") ?? false
    }
}
