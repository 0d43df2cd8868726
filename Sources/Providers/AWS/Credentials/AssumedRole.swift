import Resources

/// A role that other credentials may take on.
struct AssumedRole: CredentialIssuer {
    let role: AssumedRoleRequest
    let profile: String
    let base: any CredentialIssuer
    let service: SecurityTokenService

    var origin: String {
        "the profile \(profile): role \(role.roleARN), assumed with \(base.origin)"
    }

    func issue() async throws -> IssuedCredentials {
        let own = StaticCredentials(
            origin: base.origin, value: try await base.issue().credentials)
        return try await service.assume(role, with: own)
    }
}
