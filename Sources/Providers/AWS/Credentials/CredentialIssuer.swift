import Foundation

/// One way to credentials, found but not yet gone.
protocol CredentialIssuer: Sendable {
    /// The place, in words.
    var origin: String { get }
    /// - Throws: `ProviderError`, `CancellationError`.
    func issue() async throws -> IssuedCredentials
}

/// Credentials and how long they last.
struct IssuedCredentials: Hashable, Sendable {
    let credentials: AWSCredentials
    /// `nil` when they last until somebody withdraws them.
    let expiry: Date?
}

/// Credentials that somebody wrote down.
struct StaticCredentials: CredentialIssuer, CredentialSource {
    let origin: String
    let value: AWSCredentials
    var expiry: Date?

    func issue() -> IssuedCredentials { IssuedCredentials(credentials: value, expiry: expiry) }
    func credentials() -> AWSCredentials { value }
}
