import HTTP

/// Answers what concerns the repository's secrets itself, and hands on the rest.
struct SecretsAnswer: HTTPClient {
    let status: Int
    let body: String
    let others: any HTTPClient

    /// There are no secrets.
    static func none(besides others: any HTTPClient) -> SecretsAnswer {
        SecretsAnswer(status: 200, body: #"{"total_count": 0, "secrets": []}"#, others: others)
    }

    /// The token may not see them.
    static func forbidden(besides others: any HTTPClient) -> SecretsAnswer {
        SecretsAnswer(status: 403, body: #"{"message": "Not accessible"}"#, others: others)
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.url.contains("/actions/secrets") else {
            return try await others.send(request)
        }
        return HTTPResponse(status: status, headers: [], body: Array(body.utf8))
    }
}
