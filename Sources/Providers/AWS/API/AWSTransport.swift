import Foundation
import HTTP
import Resources

/// Signs requests by AWS's clock and sends them once; what it learns of the clock holds for all.
struct AWSTransport: Sendable {
    let configuration: AWSConfiguration
    /// `nil` for the operations that anyone may call, which are not signed.
    let credentials: (any CredentialSource)?
    private let http: any HTTPClient
    private let time: any TimeSource
    private let digests: any Digesting
    private let clock = ServerClock()

    init(
        configuration: AWSConfiguration, credentials: (any CredentialSource)?,
        http: any HTTPClient, time: any TimeSource, digests: any Digesting
    ) {
        self.configuration = configuration
        self.credentials = credentials
        self.http = http
        self.time = time
        self.digests = digests
    }

    /// Where the credentials come from, in words.
    var credentialOrigin: String { credentials?.origin ?? "nobody" }

    /// How far AWS's clock is ahead of this machine's, in seconds; `nil` before the first answer.
    var clockOffset: TimeInterval? { clock.difference }

    /// Any answer is a response, also a refusal. One for a clock that differs within what AWS
    /// tolerates is asked for once more, by AWS's clock.
    ///
    /// - Throws: `HTTPError`, `ProviderError` (no credentials, no region), `CancellationError`.
    func send(_ request: HTTPRequest, to service: AWSService) async throws -> HTTPResponse {
        let offset = clock.offset
        let response = try await attempt(request, service, offset)
        guard !response.isSuccess,
            clock.learn(
                from: AWSError(response, permission: service.rawValue), at: time.now(),
                signed: offset)
        else { return response }
        return try await attempt(request, service, clock.offset)
    }

    private func attempt(
        _ request: HTTPRequest, _ service: AWSService, _ offset: TimeInterval
    ) async throws -> HTTPResponse {
        var request = request
        request.trust = configuration.trust
        if let credentials {
            let signer = SigV4Signer(digests: digests, dialect: service.dialect)
            request =
                signer.signing(
                    request, with: try await credentials.credentials(),
                    in: .init(
                        region: try configuration.signingRegion(of: service),
                        service: service.rawValue),
                    at: time.now().addingTimeInterval(offset)
                ).request
        }
        let response = try await http.send(request)
        clock.hear(response.header("Date"), at: time.now())
        return response
    }
}
