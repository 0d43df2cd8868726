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

    var isNotFound: Bool { status == 404 }
    /// The runner is at work, or a value is refused.
    var isUnprocessable: Bool { status == 422 }
    /// GitHub had a fault of its own.
    var isTransient: Bool { status >= 500 }

    /// - Parameter repository: Whose permission may be missing.
    func providerError(_ purpose: Purpose) -> ProviderError {
        let permission = "Administration: write on \(purpose.repository)"
        let (reason, remedy): (ProviderError.Reason, String?) =
            switch status {
            case _ where pause != nil: (.throttled(retryAfter: pause), nil)
            case _ where self == .withoutToken: (.unauthorized, nil)
            case 401: (.unauthorized, "Check that GITHUB_TOKEN is valid and has not expired.")
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
            detail: self == .withoutToken ? message : "\(message) (HTTP status \(status))",
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
