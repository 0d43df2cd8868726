import HTTP
import Resources

import Foundation
import Synchronization

/// Tokens with which machines register their runners: good for an hour and for many machines, so
/// one is used again while it has ten minutes left.
final class RegistrationTokens: Sendable {
    private struct Token {
        let secret: Secret
        let expiry: Date
    }

    private static let leastValidity = 600.0

    private let api: GitHubAPI
    private let time: any TimeSource
    private let current = Mutex<Token?>(nil)

    init(_ api: GitHubAPI, time: any TimeSource) {
        self.api = api
        self.time = time
    }

    /// A token that is good for at least ten minutes.
    func secret(for purpose: Purpose) async throws -> Secret {
        if let token = current.withLock({ $0 }), isFresh(token) { return token.secret }
        let answer = try await api.send(
            .post, "/repos/\(purpose.repository)/actions/runners/registration-token")
        guard let text = answer["token"]?.string,
            let expiry = answer["expires_at"]?.string.flatMap(Self.date)
        else { throw purpose.error(.unavailable, "the answer holds no token") }
        let token = Token(secret: Secret(text), expiry: expiry)
        current.withLock { $0 = token }
        return token.secret
    }

    private func isFresh(_ token: Token) -> Bool {
        token.expiry.timeIntervalSince(time.now()) > Self.leastValidity
    }

    /// ISO 8601, with or without fractions of a second, in any zone.
    private static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
