import Foundation
import Resources

/// Keeps one issuer's credentials, and gets new ones before they end: one refresh for all who ask.
///
/// Within the last 15 minutes somebody tries, while the others go on with what there is; within
/// the last 10 minutes all wait for that try. A try that fails does no harm until the credentials
/// really end. The tries are a minute apart.
actor RefreshedCredentials {
    private static let advisory: TimeInterval = 15 * 60
    private static let mandatory: TimeInterval = 10 * 60
    private static let pause: TimeInterval = 60

    private enum Need { case nothing, soon, now }

    private let issuer: any CredentialIssuer
    private let time: any TimeSource
    private var current: IssuedCredentials?
    private var lastTry: (number: Int, at: Date, failure: (any Error)?) = (0, .distantPast, nil)
    private let turnstile = Turnstile()

    init(_ issuer: any CredentialIssuer, time: any TimeSource) {
        self.issuer = issuer
        self.time = time
    }

    /// - Throws: what the issuer throws, when there are no credentials that still hold.
    func credentials() async throws -> AWSCredentials {
        let need = need
        if let current, need == .nothing || (need == .soon && turnstile.isTaken) {
            return current.credentials
        }
        let seen = lastTry.number
        return try await turnstile.pass {
            if let current, self.need == .nothing { return current.credentials }
            // Who waited for a try that failed shares its failure.
            if lastTry.number != seen, let failure = lastTry.failure { throw failure }
            return try await refresh()
        }
    }

    private var need: Need {
        guard let current else { return .now }
        guard let expiry = current.expiry else { return .nothing }
        let now = time.now()
        let rest = expiry.timeIntervalSince(now)
        if rest <= 0 { return .now }
        if rest > Self.advisory || now.timeIntervalSince(lastTry.at) < Self.pause {
            return .nothing
        }
        return rest > Self.mandatory ? .soon : .now
    }

    private func refresh() async throws -> AWSCredentials {
        let number = lastTry.number + 1
        do {
            let new = try await issuer.issue()
            current = new
            lastTry = (number, time.now(), nil)
            return new.credentials
        } catch let error as CancellationError {
            // One caller's end says nothing to the others: the next of them tries.
            throw error
        } catch {
            lastTry = (number, time.now(), error)
            guard let current, let expiry = current.expiry, expiry > time.now() else { throw error }
            return current.credentials
        }
    }
}
