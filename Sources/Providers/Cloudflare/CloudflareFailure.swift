import HTTP
import Resources

/// What Cloudflare answered instead of a result.
struct CloudflareFailure: Error, Hashable {
    struct Item: Hashable {
        let code: Int
        let message: String
    }

    let status: Int
    /// Empty when the edge answered with a page of its own.
    let errors: [Item]
    let retryAfter: Duration?

    /// Nothing was asked, since there is nothing to ask with.
    static let withoutToken = CloudflareFailure(
        status: 401, errors: [.init(code: 1000, message: "CLOUDFLARE_API_TOKEN is not set")],
        retryAfter: nil)

    func has(_ codes: Set<Int>) -> Bool { errors.contains { codes.contains($0.code) } }

    var isThrottling: Bool { status == 429 || has([10013, 971]) }
    /// The service, or the edge before it, had a fault of its own.
    var isTransient: Bool { status >= 500 || errors.isEmpty }
    /// The object is not there: also a record (81044).
    var isNotFound: Bool { status == 404 || has([81044]) }
    /// Another record has the name, or is the same (81053, 81054, 81057, 81058).
    var isRecordConflict: Bool { has([81053, 81054, 81057, 81058]) }
    /// The tunnel's name is taken.
    var isNameTaken: Bool { has([1013]) }
    /// Connections of the tunnel are still tracked.
    var hasActiveConnections: Bool { has([1022]) }

    private var detail: String {
        if self == .withoutToken { return "CLOUDFLARE_API_TOKEN is not set" }
        guard !errors.isEmpty else { return "HTTP status \(status) without an explanation" }
        return errors.map { "\($0.message) (code \($0.code))" }.joined(separator: "; ")
    }

    /// The failure in Launch's terms.
    ///
    /// - Parameter permission: What the token needs for the request.
    func providerError(_ purpose: Purpose) -> ProviderError {
        let (reason, remedy) = diagnosis(purpose.permission)
        return ProviderError(
            reason, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: detail, remedy: remedy)
    }

    private func diagnosis(_ permission: String) -> (ProviderError.Reason, remedy: String?) {
        if isThrottling { return (.throttled(retryAfter: retryAfter), nil) }
        if isTransient { return (.unavailable, nil) }
        if has([6003, 6111]) {
            return (
                .unauthorized,
                "Set CLOUDFLARE_API_TOKEN to the bare token, without spaces or line breaks."
            )
        }
        if status == 401 || has([1000]) { return (.unauthorized, nil) }
        if status == 403 || has([9109, 10000]) {
            return (
                .forbidden(permission: permission),
                "Check that CLOUDFLARE_API_TOKEN is valid and grant it \(permission)."
            )
        }
        if has([7000, 7003]) {
            return (.invalid, "Check CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_BASE_URL.")
        }
        if isNotFound { return (.notFound, nil) }
        if has([81045]) { return (.quota, nil) }
        if status == 409 || isNameTaken || isRecordConflict { return (.conflict, nil) }
        return (.invalid, nil)
    }
}

/// A creation whose answer was lost: it may or may not have had its effect.
struct UncertainOutcome: Error {
    let cause: any Error
}

/// What a few requests are for: it names their failure.
struct Purpose {
    /// Follows "could not".
    let action: String
    let address: Address?
    /// What the token needs, in the words of Cloudflare's dashboard.
    let permission: String

    /// - Throws: `ProviderError`, or `CancellationError`.
    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch { throw translated(error) }
    }

    private func translated(_ error: any Error) -> any Error {
        switch error {
        case let failure as CloudflareFailure: failure.providerError(self)
        case let failure as HTTPError:
            ProviderError(failure, provider: .cloudflare, address: address, action: action)
        case let uncertain as UncertainOutcome: translated(uncertain.cause)
        default: error
        }
    }
}
