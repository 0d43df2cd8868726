import Foundation
import HTTP
import Resources

/// What is asked of STS.
struct AssumedRoleRequest: Hashable, Sendable {
    let roleARN: String
    let sessionName: String
    var externalID: String?
    var durationSeconds: Int?

    var parameters: [String: Value] {
        [
            "RoleArn": .string(roleARN), "RoleSessionName": .string(sessionName),
            "ExternalId": externalID.map(Value.string) ?? .null,
            "DurationSeconds": durationSeconds.map(Value.integer) ?? .null,
        ]
    }
}

/// Trades credentials, or the word of somebody AWS trusts, for those of a role.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/>
struct SecurityTokenService: Sendable {
    /// Where requests for a role go; regions of one partition know nothing of another's roles.
    let configuration: @Sendable (_ roleARN: String) -> AWSConfiguration
    let http: any HTTPClient
    let time: any TimeSource
    let random: any RandomSource
    let digests: any Digesting

    /// - Throws: `ProviderError`, `CancellationError`.
    func assume(
        _ role: AssumedRoleRequest, with base: StaticCredentials
    ) async throws -> IssuedCredentials {
        try await call(
            "AssumeRole", role, role.parameters, with: base, as: AssumeRoleAnswer.self,
            remedy: "Allow \(base.origin) to sts:AssumeRole on the role, and let the role's trust "
                + "policy name it.")
    }

    /// - Parameter token: of OpenID Connect, which vouches for this process.
    /// - Throws: `ProviderError`, `CancellationError`.
    func assume(
        _ role: AssumedRoleRequest, presenting token: Secret
    ) async throws -> IssuedCredentials {
        var parameters = role.parameters
        parameters["WebIdentityToken"] = .secret(token)
        return try await call(
            "AssumeRoleWithWebIdentity", role, parameters, with: nil,
            as: AssumeRoleWithWebIdentityAnswer.self,
            remedy: "Let the role's trust policy accept this token's issuer, audience and subject.")
    }

    private func call<Answer: AssumedRoleAnswer>(
        _ operation: String, _ role: AssumedRoleRequest, _ parameters: [String: Value],
        with base: StaticCredentials?, as type: Answer.Type, remedy: String
    ) async throws -> IssuedCredentials {
        let api = AWSAPI(
            configuration: configuration(role.roleARN), credentials: base, http: http, time: time,
            random: random, digests: digests)
        let action = "assume the role \(role.roleARN)"
        do {
            return try await api.query(operation, of: .sts, parameters, as: type).issued()
        } catch let error as AWSError {
            let meaning = error.providerError(action, on: nil)
            guard case .forbidden = meaning.reason else { throw meaning }
            throw ProviderError(
                meaning.reason, provider: .aws, action: action, detail: meaning.detail,
                remedy: remedy)
        } catch let error as HTTPError {
            throw ProviderError(error, provider: .aws, action: action)
        }
    }
}

// MARK: - Answers

private protocol AssumedRoleAnswer: Decodable {
    var credentials: RoleCredentials { get }
}

extension AssumedRoleAnswer {
    fileprivate func issued() throws -> IssuedCredentials {
        try CredentialDocument.read(
            [
                "AccessKeyId": .string(credentials.accessKeyID),
                "SecretAccessKey": .string(credentials.secretAccessKey),
                "SessionToken": .string(credentials.sessionToken),
                "Expiration": .string(credentials.expiration),
            ], tokenName: "SessionToken", from: "STS")
    }
}

private struct RoleCredentials: Decodable {
    let accessKeyID: String
    let secretAccessKey: String
    let sessionToken: String
    let expiration: String

    enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case sessionToken = "SessionToken"
        case expiration = "Expiration"
    }
}

private struct RoleResult: Decodable {
    let credentials: RoleCredentials

    enum CodingKeys: String, CodingKey { case credentials = "Credentials" }
}

private struct AssumeRoleAnswer: AssumedRoleAnswer {
    let result: RoleResult
    var credentials: RoleCredentials { result.credentials }

    enum CodingKeys: String, CodingKey { case result = "AssumeRoleResult" }
}

private struct AssumeRoleWithWebIdentityAnswer: AssumedRoleAnswer {
    let result: RoleResult
    var credentials: RoleCredentials { result.credentials }

    enum CodingKeys: String, CodingKey { case result = "AssumeRoleWithWebIdentityResult" }
}
