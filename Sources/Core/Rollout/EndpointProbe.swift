package import HTTP
package import Resources
package import Services

/// Sees a public service as anybody does: through its name.
package struct EndpointProbe: Sendable {
    private let http: any HTTPClient

    package init(_ http: any HTTPClient) { self.http = http }

    /// - Parameter stage: one from `.nameAnswers` on.
    /// - Throws: `CancellationError`
    package func see(_ service: ServiceSpec, at stage: ServingStage) async throws -> Sighting {
        guard let url = service.url else { return .hidden("it has no public name") }
        do {
            switch stage {
            case .nameAnswers: return try await nameAnswers(url)
            case .certificateValid:
                var request = request(url + "/", .system)
                request.asksForCertificate = true
                let expiry = try await http.send(request).certificateExpiry
                return expiry.map { .noted(CertificateWords.note(until: $0)) } ?? .reached
            default: return try await serves(service, url)
            }
        } catch let error as HTTPError {
            return .waiting(words(for: error))
        }
    }

    /// Any answer counts that is not the edge's own word for an origin that it does not reach.
    private func nameAnswers(_ url: String) async throws -> Sighting {
        let response: HTTPResponse
        do {
            response = try await http.send(request(url + "/", .system))
        } catch let error as HTTPError where error.reason == .untrustedCertificate {
            response = try await http.send(request(url + "/", .anything))
        }
        return response.edgeFailure.map(Sighting.waiting) ?? .reached
    }

    private func serves(_ service: ServiceSpec, _ url: String) async throws -> Sighting {
        let path = service.health ?? "/"
        let target = url + (path.hasPrefix("/") ? path : "/" + path)
        if service.kind == .mcp {
            return try await MCPHandshake(http, url: target).shake()
        }
        let response = try await http.send(request(target, .system))
        let isRedirect = (300..<400).contains(response.status)
        if response.isSuccess || (isRedirect && service.health == nil) { return .reached }
        if let failure = response.edgeFailure { return .waiting(failure) }
        let place = response.header("Location").map { " to \($0)" } ?? ""
        return .waiting(
            "\(target) answers \(response.status)"
                + (isRedirect ? place : ": \(response.excerpt)"))
    }

    private func request(_ url: String, _ trust: TLSTrust) -> HTTPRequest {
        HTTPRequest(
            .get, url, headers: [HTTPHeader("User-Agent", "launch"), HTTPHeader("Accept", "*/*")],
            timeout: .seconds(15), trust: trust)
    }

    private func words(for error: HTTPError) -> String {
        switch error.reason {
        case .unknownHost: "\(error.origin): the name does not resolve yet"
        case .untrustedCertificate: "\(error.origin): its certificate is not valid yet"
        default: error.description
        }
    }
}
