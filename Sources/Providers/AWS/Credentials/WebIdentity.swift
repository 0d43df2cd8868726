import Resources

/// A role that AWS gives to whoever has a token of an identity provider that it trusts.
struct WebIdentity: CredentialIssuer {
    let role: AssumedRoleRequest
    let token: any IdentityTokenSource
    let service: SecurityTokenService

    var origin: String { "\(token.origin), role \(role.roleARN)" }

    func issue() async throws -> IssuedCredentials {
        try await service.assume(role, presenting: try await token.token())
    }
}

/// Where a token of OpenID Connect comes from. Tokens are short-lived: each role gets a new one.
protocol IdentityTokenSource: Sendable {
    var origin: String { get }
    /// - Throws: `ProviderError`, `CancellationError`.
    func token() async throws -> Secret
}
