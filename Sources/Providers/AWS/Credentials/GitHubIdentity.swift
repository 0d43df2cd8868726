import HTTP
import Resources

/// GitHub, which vouches for the job that runs.
///
/// <https://docs.github.com/en/actions/reference/security/oidc>
struct GitHubIdentity: IdentityTokenSource {
    /// Where to ask, with a query.
    let url: String
    let requestToken: Secret
    let http: any HTTPClient
    let time: any TimeSource
    let random: any RandomSource

    static let urlVariable = "ACTIONS_ID_TOKEN_REQUEST_URL"
    static let tokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
    static let remedy = "Give the job the permission `id-token: write`."
    private static let audience = "sts.amazonaws.com"

    var origin: String { "GitHub OIDC" }

    func token() async throws -> Secret {
        let request = HTTPRequest(
            .get, "\(url)\(url.contains("?") ? "&" : "?")audience=\(Self.audience)",
            headers: [
                HTTPHeader("Authorization", "bearer \(requestToken.revealed)", isSensitive: true),
                HTTPHeader("Accept", "application/json"),
            ], timeout: .seconds(30))
        let policy = RetryPolicy(attempts: 4, base: .milliseconds(500), cap: .seconds(5))
        let response = try await retrying(
            policy, time: time, random: random,
            advice: { ($0 as? ProviderError)?.isTransient == true ? .again : .giveUp },
            operation: { _ in try await answer(to: request) })
        guard let token = response.json?["value"]?.string, !token.isEmpty else {
            throw failure(.failed, "its answer has no token")
        }
        return Secret(token)
    }

    private func answer(to request: HTTPRequest) async throws -> HTTPResponse {
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch let error as HTTPError {
            throw ProviderError(error, provider: .aws, action: Self.action)
        }
        if response.isSuccess { return response }
        let isPassing = response.status >= 500 || response.status == 429
        throw failure(isPassing ? .unavailable : .unauthorized, "HTTP \(response.status)")
    }

    private static let action = "get an identity token from GitHub"

    private func failure(_ reason: ProviderError.Reason, _ detail: String) -> ProviderError {
        ProviderError(
            reason, provider: .aws, action: Self.action, detail: detail, remedy: Self.remedy)
    }
}
