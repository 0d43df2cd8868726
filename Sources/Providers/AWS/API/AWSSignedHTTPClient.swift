package import HTTP
package import Resources

/// Signs each request for one service of AWS, or for one that looks like it, and sends it once.
///
/// A clock that differs from the server's by up to 15 minutes is made up for. With a greater
/// difference the server's refusal comes back, and `clockOffset` says how far it is.
package struct AWSSignedHTTPClient: SigningHTTPClient {
    private let service: AWSService
    private let transport: AWSTransport

    package init(
        for service: AWSService, configuration: AWSConfiguration,
        credentials: any CredentialSource, http: any HTTPClient, time: any TimeSource,
        digests: any Digesting
    ) {
        self.service = service
        transport = AWSTransport(
            configuration: configuration, credentials: credentials, http: http, time: time,
            digests: digests)
    }

    /// - Throws: `ProviderError` when there are no credentials or no region, besides what every
    ///   client throws.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await transport.send(request, to: service)
    }

    package var credentialOrigin: String { transport.credentialOrigin }

    package var clockOffset: Duration? { transport.clockOffset.map { .seconds($0) } }
}
