import HTTP
import Resources

/// The role of an ECS task, or of a pod with EKS Pod Identity.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
struct ContainerCredentials: CredentialIssuer {
    let url: String
    let environment: [String: String]
    let host: any AWSHost
    let http: any HTTPClient
    let time: any TimeSource

    /// `nil` when the environment names no endpoint.
    init?(
        _ environment: [String: String], host: any AWSHost, http: any HTTPClient,
        time: any TimeSource
    ) {
        if let path = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            url = "http://169.254.170.2\(path)"
        } else if let full = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            url = full
        } else {
            return nil
        }
        self.environment = environment
        self.host = host
        self.http = http
        self.time = time
    }

    var origin: String { "the container's endpoint \(RequestTarget(url).origin)" }

    func issue() async throws -> IssuedCredentials {
        guard Self.isAllowed(url) else {
            throw failure(
                "\(RequestTarget(url).origin) is neither https, nor loopback, nor one of "
                    + Self.metadataHosts.joined(separator: ", "))
        }
        var headers = [HTTPHeader("Accept", "application/json")]
        if let token = try authorization() {
            headers.append(HTTPHeader("Authorization", token.revealed, isSensitive: true))
        }
        let response = try await answer(
            to: HTTPRequest(.get, url, headers: headers, timeout: .seconds(2)))
        return try CredentialDocument.read(response.json, tokenName: "Token", from: origin)
    }

    // MARK: - Asking

    private static let attempts = 3

    private func answer(to request: HTTPRequest) async throws -> HTTPResponse {
        for attempt in 1... {
            do {
                let response = try await http.send(request)
                if response.status == 200 { return response }
                guard attempt < Self.attempts else { throw failure("HTTP \(response.status)") }
            } catch let error as HTTPError where attempt == Self.attempts {
                throw ProviderError(error, provider: .aws, action: action)
            } catch is HTTPError {}
            try await time.sleep(for: .seconds(1))
        }
        preconditionFailure("the loop above returns or throws")
    }

    /// The token's file is read each time: EKS replaces it.
    private func authorization() throws -> Secret? {
        var token = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let path = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            do {
                token = try host.content(of: path).map { String(decoding: $0, as: UTF8.self) }
            } catch let problem as HostFailure {
                throw failure("its token in \(path) cannot be read: \(problem.detail)")
            }
            if token == nil { throw failure("its token's file \(path) is not there") }
        }
        guard let token else { return nil }
        guard !token.contains(where: \.isNewline) else {
            throw failure("its token has line breaks, so it is no header's value")
        }
        return Secret(token)
    }

    // MARK: - Who may be asked

    private static let metadataHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    /// Without TLS only where no stranger can answer, or read the token.
    static func isAllowed(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return true }
        guard url.hasPrefix("http://") else { return false }
        let authority = RequestTarget(url).host.prefix { $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return false }
        let host = hostname(of: String(authority))
        return metadataHosts.contains(host) || host == "localhost" || host == "[::1]"
            || isIPv4Loopback(host)
    }

    private static func hostname(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isIPv4Loopback(_ host: String) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    // MARK: - Errors

    private var action: String { "get credentials from \(origin)" }

    private func failure(_ detail: String) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: action, detail: detail,
            remedy: "Correct the AWS_CONTAINER_… variables, or the container's role.")
    }
}
