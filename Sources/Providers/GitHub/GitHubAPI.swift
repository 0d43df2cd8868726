import HTTP
import Resources
import Services

/// Requests to GitHub's REST API: <https://docs.github.com/en/rest>.
struct GitHubAPI: Sendable {
    static let publicBase = "https://api.github.com"
    static let version = "2022-11-28"
    /// A rate limit that asks for more than this fails at once.
    private static let longestPause = Duration.seconds(15 * 60)

    private let client: any HTTPClient
    private let time: any TimeSource
    private let random: any RandomSource
    private let base: String
    private let credential: GitHubCredential
    private let policy: RetryPolicy
    private let writes = WritePacing()

    /// - Parameter environment: `GITHUB_API_URL`.
    init(
        environment: [String: String], credential: GitHubCredential, client: any HTTPClient,
        time: any TimeSource, random: any RandomSource, policy: RetryPolicy
    ) {
        let setting = environment["GITHUB_API_URL"].flatMap { $0.isEmpty ? nil : $0 }
        let base = setting ?? Self.publicBase
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.credential = credential
        self.client = client
        self.time = time
        self.random = random
        self.policy = policy
    }

    /// Where people see what the API speaks of: `https://github.com`.
    var site: String { GitHubServer.pages(ofAPI: base) }

    /// Every element of a paged list, following the `Link` header.
    ///
    /// - Parameter member: where a page keeps its elements.
    func list(
        _ path: String, _ query: [(String, String)] = [], in member: String
    ) async throws -> [Value] {
        var elements: [Value] = []
        var next: String? = "\(base)\(path)?\(formEncoded(query + [("per_page", "100")]))"
        while let url = next {
            let response = try await exchange(.get, url, nil)
            elements += response.json?[member]?.list ?? []
            next = response.header("Link").flatMap(Self.nextPage)
            if let following = next, !following.hasPrefix(base + "/") {
                throw GitHubFailure(
                    status: 502, message: "the list goes on at another server", pause: nil)
            }
        }
        return elements
    }

    /// The answer's body. Every call must be safe to repeat, which it is while the failure may
    /// pass.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: Value? = nil
    ) async throws -> Value {
        try await exchange(method, base + path, body).json ?? .null
    }

    /// `<https://…?page=2>; rel="next", <https://…>; rel="last"` (RFC 8288).
    private static func nextPage(_ link: String) -> String? {
        for entry in link.split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let target = parts.first, parts.dropFirst().contains("rel=\"next\""),
                target.hasPrefix("<"), target.hasSuffix(">")
            else { continue }
            return String(target.dropFirst().dropLast())
        }
        return nil
    }

    /// A text that is stored elsewhere: the API names the place, which wants no credentials of
    /// GitHub's.
    func download(_ path: String) async throws -> String {
        try await exchange(.get, base + path, nil, isElsewhere: true).text
    }

    private func exchange(
        _ method: HTTPRequest.Method, _ url: String, _ body: Value?, isElsewhere: Bool = false
    ) async throws -> HTTPResponse {
        let token =
            switch credential {
            case .none: throw GitHubFailure.withoutToken
            case .token(let token): token
            case .app(let app):
                try await app.token { method, path, body, proof in
                    try await exchange(method, base + path, body, with: proof).json ?? .null
                }
            }
        return try await exchange(method, url, body, with: token, isElsewhere: isElsewhere)
    }

    private func exchange(
        _ method: HTTPRequest.Method, _ url: String, _ body: Value?, with token: Secret,
        isElsewhere: Bool = false
    ) async throws -> HTTPResponse {
        let request = try request(method, url, body, with: token)
        return try await retrying(policy, time: time, random: random, advice: advice) { attempt in
            if method != .get { try await writes.wait(time) }
            var response = try await client.send(request)
            if isElsewhere, (300..<400).contains(response.status),
                let place = response.header("Location")
            {
                let agent = HTTPHeader("User-Agent", "launch")
                response = try await client.send(HTTPRequest(.get, place, headers: [agent]))
            }
            if response.isSuccess { return response }
            throw failure(response, attempt: attempt)
        }
    }

    private func request(
        _ method: HTTPRequest.Method, _ url: String, _ body: Value?, with token: Secret
    ) throws -> HTTPRequest {
        var headers = [
            HTTPHeader("Authorization", "Bearer \(token.revealed)", isSensitive: true),
            HTTPHeader("Accept", "application/vnd.github+json"),
            HTTPHeader("X-GitHub-Api-Version", Self.version),
            HTTPHeader("User-Agent", "launch"),
        ]
        guard let body else { return HTTPRequest(method, url, headers: headers) }
        headers.append(HTTPHeader("Content-Type", "application/json"))
        return HTTPRequest(method, url, headers: headers, body: try .json(body))
    }

    private func failure(_ response: HTTPResponse, attempt: Int) -> GitHubFailure {
        var pause = RateLimit.pause(asked: response, at: time.now())
        if pause == RateLimit.leastPause { pause = RateLimit.leastPause * (1 << (attempt - 1)) }
        let answer = response.json ?? .null
        let details = (answer["errors"]?.list ?? []).map {
            $0["message"]?.string ?? $0.plainText
        }
        let message = answer["message"]?.string ?? "no explanation"
        return GitHubFailure(
            status: response.status, message: ([message] + details).joined(separator: "; "),
            pause: pause)
    }

    private func advice(for error: any Error) -> RetryAdvice {
        switch error {
        case let failure as GitHubFailure:
            if let pause = failure.pause {
                pause <= Self.longestPause ? .after(pause) : .giveUp
            } else {
                failure.isTransient ? .again : .giveUp
            }
        case let failure as HTTPError:
            failure.isCertainlyWithoutEffect ? .giveUp : .again
        default: .giveUp
        }
    }
}
