package import HTTP
package import Resources
import Synchronization

/// The credentials that AWS's own tools would use here; the place is chosen once and kept.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
package final class CredentialChain: CredentialSource {
    /// The place that was chosen.
    private struct Choice {
        let origin: String
        let credentials: RefreshedCredentials
        /// Why the earlier places do not apply; `nil` when this one surely does.
        let misses: [String]?
    }

    let search: CredentialSearch
    private let time: any TimeSource
    private let choice = Mutex<Choice?>(nil)

    package init(
        _ environment: [String: String], host: any AWSHost, http: any HTTPClient,
        time: any TimeSource, random: any RandomSource, digests: any Digesting
    ) {
        self.time = time
        let environment = environment.merging(
            Self.profileVariables(environment, on: host)
        ) { own, _ in own }
        search = CredentialSearch(
            environment: environment, host: host, http: http, time: time, random: random,
            service: SecurityTokenService(
                configuration: { role in
                    AWSConfiguration(
                        region: nil, environment: environment,
                        profileRegion: Self.profileRegion(environment, on: host)
                            ?? Self.usualRegion(for: role))
                }, http: http, time: time, random: random, digests: digests))
    }

    /// The region that the profile names.
    package var profileRegion: String? {
        Self.profileRegion(search.environment, on: search.host)
    }

    /// The environment, with what the profile says of endpoints and authorities where that is
    /// silent.
    package var environment: [String: String] { search.environment }

    /// True when there are credentials, whatever they are worth; asks no server, so it knows
    /// nothing of an instance's role.
    package var isConfigured: Bool {
        do {
            return try search.search().issuer != nil
        } catch {
            return true
        }
    }

    package var origin: String { (try? chosen())?.origin ?? "the AWS profile" }

    package func credentials() async throws -> AWSCredentials {
        let choice = try chosen()
        do {
            return try await choice.credentials.credentials()
        } catch let error as ProviderError {
            throw choice.misses.map { Self.nothingFound($0 + [error.detail]) } ?? error
        }
    }

    private func chosen() throws -> Choice {
        try choice.withLock { choice in
            if let choice { return choice }
            let outcome = try search.search()
            let issuer = outcome.issuer ?? search.lastResort
            let new = Choice(
                origin: issuer.origin, credentials: RefreshedCredentials(issuer, time: time),
                misses: outcome.issuer == nil ? outcome.misses : nil)
            choice = new
            return new
        }
    }

    private static func nothingFound(_ reasons: [String]) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: "find AWS credentials",
            detail: reasons.joined(separator: "; "),
            remedy: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or in a "
                + "GitHub job AWS_ROLE_ARN with the permission `id-token: write`.")
    }

    private static func profileVariables(
        _ environment: [String: String], on host: any AWSHost
    ) -> [String: String] {
        (try? SharedProfiles(environment, on: host).variables(beyond: environment)) ?? [:]
    }

    // MARK: - Regions

    private static func profileRegion(
        _ environment: [String: String], on host: any AWSHost
    ) -> String? {
        (try? SharedProfiles(environment, on: host).chosen)?["region"]
    }

    /// One that is there in every account of the role's partition: roles are not regional.
    private static func usualRegion(for role: String) -> String {
        switch role.split(separator: ":").dropFirst().first {
        case "aws-cn": "cn-north-1"
        case "aws-us-gov": "us-gov-west-1"
        default: "us-east-1"
        }
    }
}
