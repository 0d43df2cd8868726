import HTTP
import Resources

import Foundation
import Synchronization

/// An App where it is installed, and the token it works with there: for an hour, for one
/// repository, with what Launch needs and no more.
///
/// <https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app>
final class AppInstallation: Sendable {
    /// Asks GitHub with that token.
    typealias Sending = (HTTPRequest.Method, String, Value?, Secret) async throws -> Value

    /// What Launch may do with a token.
    static let permissions: [String: Value] = [
        "administration": "write", "secrets": "write", "actions": "read", "metadata": "read",
    ]
    /// What it may do besides where the App may: for the secrets of environments.
    private static let optionalPermissions: [String: Value] = ["environments": "write"]
    /// A token is replaced when it has less left, in seconds.
    private static let leastValidity = 300.0

    private let app: AppIdentity
    private let repository: String?
    private let time: any TimeSource
    private let sign: RSASigning
    private let current = Mutex<ExpiringToken?>(nil)
    private let turnstile = Turnstile()

    /// - Parameter repository: `owner/name`.
    init(_ app: AppIdentity, repository: String?, time: any TimeSource, sign: @escaping RSASigning)
    {
        self.app = app
        self.repository = repository
        self.time = time
        self.sign = sign
    }

    /// The token of now; one is made for all who ask.
    func token(_ send: Sending) async throws -> Secret {
        try await turnstile.pass {
            if let token = current.withLock({ $0 }),
                token.seconds(at: time.now()) > Self.leastValidity
            {
                return token.secret
            }
            let token = try await make(send)
            current.withLock { $0 = token }
            return token.secret
        }
    }

    private func make(_ send: Sending) async throws -> ExpiringToken {
        guard let repository else { throw GitHubFailure.withoutRepository }
        let proof = try identity()
        let installation: Value
        do {
            installation = try await send(
                .get, "/repos/\(repository)/installation", nil, proof)
        } catch let failure as GitHubFailure where failure.isNotFound && !failure.isUnknownApp {
            throw GitHubFailure.notInstalled(on: repository)
        }
        guard let id = installation["id"]?.integer else {
            throw GitHubFailure.unexpected("an installation without an id")
        }
        let granted = installation["permissions"]
        let permissions = Self.permissions.merging(
            Self.optionalPermissions.filter { granted?[$0.key] == $0.value }
        ) { first, _ in first }
        let name = repository.split(separator: "/").last.map(String.init) ?? repository
        let answer = try await send(
            .post, "/app/installations/\(id)/access_tokens",
            ["repositories": [.string(name)], "permissions": .object(permissions)], proof)
        guard let token = ExpiringToken(answer) else {
            throw GitHubFailure.unexpected("no token")
        }
        return token
    }

    private func identity() throws -> Secret {
        guard let identity = app.token(at: time.now(), sign: sign) else {
            throw GitHubFailure.unreadableKey
        }
        return identity
    }
}
