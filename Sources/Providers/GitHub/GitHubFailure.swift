import HTTP
import Resources

/// What GitHub answered instead of a result.
struct GitHubFailure: Error, Hashable {
    let status: Int
    let message: String
    /// When it is a rate limit: how long to wait.
    let pause: Duration?

    /// Nothing was asked, since there is nothing to ask with.
    static let withoutToken = GitHubFailure(
        status: 401, message: "GITHUB_TOKEN is not set", pause: nil)

    /// The App's key is not what GitHub gives out.
    static let unreadableKey = GitHubFailure(
        status: 401, message: "LAUNCH_GITHUB_APP_KEY is no private RSA key in PEM", pause: nil)
    /// An App works in a repository.
    static let withoutRepository = GitHubFailure(
        status: 400, message: "a GitHub App needs `repository: owner/name` in launch.yaml",
        pause: nil)
    static func notInstalled(on repository: String) -> GitHubFailure {
        GitHubFailure(
            status: 403, message: "the GitHub App is not installed on \(repository)", pause: nil)
    }
    static func unexpected(_ answer: String) -> GitHubFailure {
        GitHubFailure(status: 502, message: "GitHub answered with \(answer)", pause: nil)
    }

    var isNotFound: Bool { status == 404 }
    var isForbidden: Bool { status == 403 && pause == nil }
    /// What an App's identity is answered with that GitHub does not know.
    var isUnknownApp: Bool { isNotFound && message == "Integration not found" }
    /// The runner is at work, or a value is refused.
    var isUnprocessable: Bool { status == 422 }
    /// Nothing was asked.
    private var isOurOwn: Bool {
        [.withoutToken, .unreadableKey, .withoutRepository].contains(self)
    }
    /// GitHub had a fault of its own.
    var isTransient: Bool { status >= 500 }

    func providerError(_ purpose: Purpose) -> ProviderError {
        let permission = "\(purpose.permission) on \(purpose.repository)"
        let (reason, remedy): (ProviderError.Reason, String?) =
            switch status {
            case _ where pause != nil: (.throttled(retryAfter: pause), nil)
            case _ where self == .withoutToken: (.unauthorized, nil)
            case _ where self == .unreadableKey:
                (.unauthorized, "Set it to the whole text of the .pem file that GitHub gave out.")
            case _ where isUnknownApp:
                (.unauthorized, "Check LAUNCH_GITHUB_APP_ID: it is the App's number or client ID.")
            case 401:
                (
                    .unauthorized,
                    "Check that GITHUB_TOKEN is valid and has not expired, or that "
                        + "LAUNCH_GITHUB_APP_ID and LAUNCH_GITHUB_APP_KEY are of one App."
                )
            case 403: (.forbidden(permission: permission), nil)
            case 404:
                (
                    .notFound,
                    "Check that \(purpose.repository) exists, and grant the token \(permission)."
                )
            case 409: (.conflict, nil)
            case 500...: (.unavailable, nil)
            default: (.invalid, nil)
            }
        return ProviderError(
            reason, provider: .github, address: purpose.address, action: purpose.action,
            detail: isOurOwn ? message : "\(message) (HTTP status \(status))",
            remedy: remedy)
    }
}

/// What a few requests are for: it names their failure.
struct Purpose {
    /// Follows "could not".
    let action: String
    let address: Address?
    /// `owner/name`.
    let repository: String
    /// What a token needs for it.
    var permission = "Administration: write"

    /// - Throws: `ProviderError`, or `CancellationError`.
    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as GitHubFailure {
            throw failure.providerError(self)
        } catch let failure as HTTPError {
            throw ProviderError(failure, provider: .github, address: address, action: action)
        }
    }

    func error(
        _ reason: ProviderError.Reason, _ detail: String, remedy: String? = nil
    ) -> ProviderError {
        ProviderError(
            reason, provider: .github, address: address, action: action, detail: detail,
            remedy: remedy)
    }
}
