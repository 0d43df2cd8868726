import HTTP
import Resources

/// Requests to version 4 of Cloudflare's API: <https://developers.cloudflare.com/api/>.
struct CloudflareAPI: Sendable {
    static let publicBase = "https://api.cloudflare.com/client/v4"

    private let client: any HTTPClient
    private let time: any TimeSource
    private let random: any RandomSource
    private let base: String
    private let token: Secret?
    private let policy: RetryPolicy
    private let pacing = RequestPacing()

    init(
        base: String, token: Secret?, client: any HTTPClient, time: any TimeSource,
        random: any RandomSource, policy: RetryPolicy
    ) {
        self.base = base
        self.token = token
        self.client = client
        self.time = time
        self.random = random
        self.policy = policy
    }

    var hasToken: Bool { token != nil }

    /// The `result` of a GET.
    func get(_ path: String) async throws -> Value {
        try await result(.get, path)
    }

    /// Every element of a paged list.
    ///
    /// - Parameter perPage: `nil` for a list that takes no size.
    func list(
        _ path: String, _ query: [(String, String)], perPage: Int?
    ) async throws -> [Value] {
        var elements: [Value] = []
        for page in 1... {
            let paging = [
                page > 1 || perPage != nil ? ("page", String(page)) : nil,
                perPage.map { ("per_page", String($0)) },
            ].compactMap(\.self)
            let answer = try await envelope(.get, "\(path)?\(formEncoded(query + paging))")
            let found = answer["result"]?.list ?? []
            elements += found
            if found.isEmpty || !Self.hasMore(answer["result_info"], after: elements.count, page) {
                break
            }
        }
        return elements
    }

    /// The `result` of a call that is safe to repeat, which it is while the failure may pass.
    func result(_ method: HTTPRequest.Method, _ path: String, _ body: Value? = nil) async throws
        -> Value
    {
        try await envelope(method, path, body)["result"] ?? .null
    }

    /// The `result` of a POST, which is repeated only when it certainly had no effect.
    ///
    /// - Throws: `UncertainOutcome` when it may have had: look before trying again.
    func post(_ path: String, _ body: Value) async throws -> Value {
        try await envelope(.post, path, body)["result"] ?? .null
    }

    /// Repeats `attempt`, which looks before it writes, after an uncertain outcome or when
    /// `isRace` recognises that somebody else was faster.
    func settling<Result>(
        orWhen isRace: (CloudflareFailure) -> Bool, _ attempt: () async throws -> Result
    ) async throws -> Result {
        try await retrying(policy, time: time, random: random) { error in
            switch error {
            case is UncertainOutcome: .again
            case let failure as CloudflareFailure where isRace(failure): .again
            default: .giveUp
            }
        } operation: { _ in
            try await attempt()
        }
    }

    /// Some lists tell `total_pages`, others only `total_count`.
    private static func hasMore(_ info: Value?, after count: Int, _ page: Int) -> Bool {
        if let pages = info?["total_pages"]?.integer { return page < pages }
        return count < info?["total_count"]?.integer ?? 0
    }

    private func envelope(
        _ method: HTTPRequest.Method, _ path: String, _ body: Value? = nil
    ) async throws -> Value {
        let request = try request(method, path, body)
        return try await retrying(policy, time: time, random: random) {
            advice(for: $0, isRepeatable: method != .post)
        } operation: { _ in
            try await pacing.wait(time)
            do {
                let response = try await client.send(request)
                pacing.learn(from: response, at: time.now())
                return try Self.checked(response)
            } catch  where method == .post && Self.mayHaveHadEffect(error) {
                throw UncertainOutcome(cause: error)
            }
        }
    }

    private func request(
        _ method: HTTPRequest.Method, _ path: String, _ body: Value?
    ) throws -> HTTPRequest {
        guard let token else {
            throw CloudflareFailure.withoutToken
        }
        var headers = [
            HTTPHeader("Authorization", "Bearer \(token.revealed)", isSensitive: true),
            HTTPHeader("Accept", "application/json"),
            HTTPHeader("User-Agent", "launch"),
        ]
        guard let body else { return HTTPRequest(method, base + path, headers: headers) }
        headers.append(HTTPHeader("Content-Type", "application/json"))
        return HTTPRequest(method, base + path, headers: headers, body: try .json(body))
    }

    /// The envelope of an answer that says `success`.
    private static func checked(_ response: HTTPResponse) throws -> Value {
        let envelope = response.json ?? .null
        if response.isSuccess, envelope["success"]?.boolean == true { return envelope }
        let errors = (envelope["errors"]?.list ?? []).flatMap(items)
        let retryAfter = response.header("Retry-After").flatMap(Int.init).map(Duration.seconds)
        throw CloudflareFailure(status: response.status, errors: errors, retryAfter: retryAfter)
    }

    /// An error and those that it follows from.
    private static func items(_ error: Value) -> [CloudflareFailure.Item] {
        guard let code = error["code"]?.integer else { return [] }
        let item = CloudflareFailure.Item(code: code, message: error["message"]?.string ?? "")
        return [item] + (error["error_chain"]?.list ?? []).flatMap(items)
    }

    private func advice(for error: any Error, isRepeatable: Bool) -> RetryAdvice {
        switch error {
        case let failure as CloudflareFailure where failure.isThrottling:
            failure.retryAfter.map(RetryAdvice.after) ?? .again
        case let failure as CloudflareFailure:
            failure.isTransient && isRepeatable ? .again : .giveUp
        case let failure as HTTPError:
            !failure.isCertainlyWithoutEffect && isRepeatable ? .again : .giveUp
        default: .giveUp
        }
    }

    private static func mayHaveHadEffect(_ error: any Error) -> Bool {
        switch error {
        case let failure as CloudflareFailure: failure.isTransient && !failure.isThrottling
        case let failure as HTTPError: !failure.isCertainlyWithoutEffect
        default: false
        }
    }
}
