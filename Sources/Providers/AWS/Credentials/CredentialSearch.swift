import Foundation
import HTTP
import Resources

/// Finds where this process's credentials come from, in botocore's order: the environment, a role
/// of the profile, a web identity, the profile's other ways, the container.
///
/// A place that applies but is incomplete ends the search: whoever set it up meant it, and other
/// credentials may be those of another account.
struct CredentialSearch: Sendable {
    let environment: [String: String]
    let host: any AWSHost
    let http: any HTTPClient
    let time: any TimeSource
    let random: any RandomSource
    let service: SecurityTokenService

    /// What the whole search gives.
    struct Outcome {
        /// `nil` when nothing but the instance's metadata is left to ask.
        let issuer: (any CredentialIssuer)?
        /// Why each earlier place does not apply.
        let misses: [String]
    }

    /// Reads files and nothing else.
    ///
    /// - Throws: `ProviderError` when a place applies and cannot be used.
    func search() throws -> Outcome {
        let profiles = try SharedProfiles(environment, on: host)
        let chosen = try profiles.chosen
        let places: [(issuer: () throws -> (any CredentialIssuer)?, absence: String?)] = [
            (environmentKeys, "AWS_ACCESS_KEY_ID is not set"),
            // Whatever the profile lacks is said where its other ways are looked at.
            ({ try role(of: chosen, in: profiles) }, nil),
            ({ try webIdentity(chosen) }, "\(Self.tokenFileVariable) is not set"),
            ({ gitHubIdentity }, gitHubAbsence),
            ({ try otherWay(of: chosen, in: profiles) }, profiles.absence(of: chosen)),
            ({ container }, "no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI is set"),
        ]
        var misses: [String] = []
        for place in places {
            if let issuer = try place.issuer() { return Outcome(issuer: issuer, misses: misses) }
            misses += [place.absence].compactMap(\.self)
        }
        return Outcome(issuer: nil, misses: misses)
    }

    /// The instance's metadata, which only a request can find.
    var lastResort: InstanceMetadata { InstanceMetadata(environment, http: http) }

    // MARK: - Keys

    private func environmentKeys() throws -> StaticCredentials? {
        let keys = EnvironmentCredentials(environment)
        guard keys.hasKey else { return nil }
        let expiry = try keys.expiry()
        if let expiry, expiry <= time.now() {
            throw Self.incomplete(
                "the credentials in \(keys.origin) ended at \(expiry.formatted(.iso8601))",
                remedy: "Fetch new ones, and set AWS_CREDENTIAL_EXPIRATION to when those end.")
        }
        return StaticCredentials(
            origin: keys.origin, value: try keys.credentials(), expiry: expiry)
    }

    // MARK: - Web identities

    private static let tokenFileVariable = "AWS_WEB_IDENTITY_TOKEN_FILE"

    /// The environment's variables come before the profile's settings.
    private func webIdentity(_ profile: Profile) throws -> WebIdentity? {
        let path = environment.nonEmpty(Self.tokenFileVariable)
        return try (path ?? profile["web_identity_token_file"]).map { path in
            try webIdentity(
                path, role: environment.nonEmpty("AWS_ROLE_ARN") ?? profile["role_arn"],
                sessionName: environmentSessionName ?? profile["role_session_name"])
        }
    }

    func webIdentity(
        _ tokenPath: String, role: String?, sessionName: String?
    ) throws -> WebIdentity {
        guard let role else {
            throw Self.incomplete(
                "there is an identity token in \(tokenPath), but no role to assume with it",
                remedy: "Set AWS_ROLE_ARN, or role_arn in the profile.")
        }
        return WebIdentity(
            role: AssumedRoleRequest(
                roleARN: role, sessionName: sessionName ?? Self.sessionName),
            token: IdentityTokenFile(path: tokenPath, host: host), service: service)
    }

    private var gitHubIdentity: WebIdentity? {
        guard let role = environment.nonEmpty("AWS_ROLE_ARN"),
            let url = environment.nonEmpty(GitHubIdentity.urlVariable),
            let token = environment.nonEmpty(GitHubIdentity.tokenVariable)
        else { return nil }
        let run = environment.nonEmpty("GITHUB_RUN_ID").map { "\(Self.sessionName)-\($0)" }
        return WebIdentity(
            role: AssumedRoleRequest(
                roleARN: role, sessionName: environmentSessionName ?? run ?? Self.sessionName),
            token: GitHubIdentity(
                url: url, requestToken: Secret(token), http: http, time: time, random: random),
            service: service)
    }

    private var gitHubAbsence: String {
        if environment.nonEmpty("AWS_ROLE_ARN") == nil { return "AWS_ROLE_ARN is not set" }
        return "AWS_ROLE_ARN is set, but there is no identity token for it: "
            + (environment["GITHUB_ACTIONS"] == "true"
                ? "the GitHub job lacks the permission `id-token: write`"
                : "this is no GitHub job")
    }

    private var environmentSessionName: String? { environment.nonEmpty("AWS_ROLE_SESSION_NAME") }

    // MARK: - The container

    private var container: ContainerCredentials? {
        ContainerCredentials(environment, host: host, http: http, time: time)
    }

    /// What `credential_source` of a profile may name.
    func source(_ name: String, of profile: String) throws -> any CredentialIssuer {
        let issuer: (any CredentialIssuer)? =
            switch name {
            case "Environment": try environmentKeys()
            case "EcsContainer": container
            case "Ec2InstanceMetadata": lastResort
            default:
                throw Self.incomplete(
                    "the profile \(profile) names the credential_source \(name)",
                    remedy: "Choose Environment, EcsContainer or Ec2InstanceMetadata.")
            }
        if let issuer { return issuer }
        throw Self.incomplete(
            "the profile \(profile) names the credential_source \(name), which has none here",
            remedy: "Provide them, or choose another profile.")
    }

    // MARK: - Words

    /// How CloudTrail shows a role's user, unless something better is known.
    static let sessionName = "launch"

    static func incomplete(_ detail: String, remedy: String) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: "find AWS credentials", detail: detail,
            remedy: remedy)
    }
}
