import HTTP
import Resources

import Foundation
import Synchronization

/// Tokens with which machines register their runners: good for an hour and for many machines, so
/// one is used again while it has ten minutes left.
final class RegistrationTokens: Sendable {
    private static let leastValidity = 600.0

    private let api: GitHubAPI
    private let time: any TimeSource
    private let current = Mutex<ExpiringToken?>(nil)

    init(_ api: GitHubAPI, time: any TimeSource) {
        self.api = api
        self.time = time
    }

    /// A token that is good for at least ten minutes.
    func token(for purpose: Purpose) async throws -> ExpiringToken {
        if let token = current.withLock({ $0 }), token.seconds(at: time.now()) > Self.leastValidity
        {
            return token
        }
        return try await freshToken(for: purpose)
    }

    /// A token that is good for an hour.
    func freshToken(for purpose: Purpose) async throws -> ExpiringToken {
        let answer = try await api.send(
            .post, "/repos/\(purpose.repository)/actions/runners/registration-token")
        guard let token = ExpiringToken(answer) else {
            throw purpose.error(.unavailable, "the answer holds no token")
        }
        current.withLock { $0 = token }
        return token
    }
}
