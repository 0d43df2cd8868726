import HTTP
import Resources

/// The role of the EC2 instance that this runs on, by version 2 of its metadata service alone:
/// version 1 answers whoever makes a server fetch a URL.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html>
struct InstanceMetadata: CredentialIssuer {
    private let endpoint: String
    private let isDisabled: Bool
    private let http: any HTTPClient

    init(_ environment: [String: String], http: any HTTPClient) {
        isDisabled = environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true"
        let mode = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased()
        var endpoint =
            environment.nonEmpty("AWS_EC2_METADATA_SERVICE_ENDPOINT")
            ?? (mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint
        self.http = http
    }

    var origin: String { "the EC2 instance's role" }

    func issue() async throws -> IssuedCredentials {
        if isDisabled { throw failure("AWS_EC2_METADATA_DISABLED is true") }
        let session = try await send(
            .put, "/latest/api/token", HTTPHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600"))
        let token = HTTPHeader("x-aws-ec2-metadata-token", session.text, isSensitive: true)
        let roles = "/latest/meta-data/iam/security-credentials/"
        let role = try await send(.get, roles, token).text.prefix { !$0.isNewline }
        guard !role.isEmpty else { throw failure("the instance has no role") }
        let answer = try await send(.get, roles + String(role).percentEncoded, token).json
        return try CredentialDocument.read(answer, tokenName: "Token", from: origin)
    }

    /// Off EC2 nobody answers: it must not take long to notice.
    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ header: HTTPHeader
    ) async throws -> HTTPResponse {
        do {
            let response = try await http.send(
                HTTPRequest(method, endpoint + path, headers: [header], timeout: .seconds(1)))
            if response.status == 404, method == .get { throw failure("the instance has no role") }
            guard response.status == 200 else { throw failure("HTTP \(response.status)") }
            return response
        } catch let error as HTTPError {
            throw failure(ProviderError(error, provider: .aws, action: "").detail)
        }
    }

    private func failure(_ detail: String) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: "get credentials from \(origin)", detail: detail,
            remedy: "Give the instance a role, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.")
    }
}
