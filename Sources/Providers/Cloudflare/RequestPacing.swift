import HTTP
import Resources

import Foundation
import Synchronization

/// Spreads what is left of the request budget over the time until it is refilled.
///
/// The budget is shared with people and pipelines:
/// <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
final class RequestPacing: Sendable {
    /// The earliest time of the next request.
    private let opening = Mutex<Date?>(nil)
    /// Below so many remaining requests they are spread out.
    private static let reserve = 10

    func wait(_ time: any TimeSource) async throws {
        let pause = opening.withLock { $0 }?.timeIntervalSince(time.now()) ?? 0
        if pause > 0 { try await time.sleep(for: .seconds(pause)) }
    }

    /// Takes in the `Ratelimit` header of an answer.
    func learn(from response: HTTPResponse, at now: Date) {
        guard let text = response.header("Ratelimit"), let budget = RateBudget(text) else { return }
        opening.withLock {
            $0 =
                budget.remaining < Self.reserve
                ? now.addingTimeInterval(Double(budget.seconds) / Double(budget.remaining + 1))
                : nil
        }
    }
}

/// `"default";r=50;t=30`: 50 requests are left for the next 30 seconds.
struct RateBudget: Hashable {
    let remaining: Int
    let seconds: Int

    init?(_ header: String) {
        var parameters: [Substring: Int] = [:]
        for part in header.filter({ $0 != " " }).split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=")
            if pair.count == 2 { parameters[pair[0]] = Int(pair[1]) }
        }
        guard let remaining = parameters["r"], let seconds = parameters["t"], remaining >= 0,
            seconds >= 0
        else { return nil }
        self.remaining = remaining
        self.seconds = seconds
    }
}
