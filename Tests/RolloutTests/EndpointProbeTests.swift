import Foundation
import HTTP
import Resources
import Rollout
import Services
import TestSupport
import Testing

/// What a public name shows, and what is said of it.
@Suite struct EndpointProbeTests {
    /// Answers each method in its own way.
    private struct Answers: HTTPClient {
        let answer: @Sendable (HTTPRequest) throws -> HTTPResponse

        func send(_ request: HTTPRequest) async throws -> HTTPResponse { try answer(request) }
    }

    private static func service(
        _ kind: ServiceSpec.Kind, health: String? = "/health"
    ) -> ServiceSpec {
        ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 80), kind: kind,
            health: health)
    }

    private static func see(
        _ stage: ServingStage, _ kind: ServiceSpec.Kind = .web, health: String? = "/health",
        answering answer: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse
    ) async throws -> Sighting {
        try await EndpointProbe(Answers(answer: answer)).see(
            service(kind, health: health), at: stage)
    }

    private static func edge(_ status: Int, _ code: String) -> HTTPResponse {
        HTTPResponse(status: status, body: Array("error code: \(code)".utf8))
    }

    @Test(arguments: [
        (530, "1033", "Cloudflare answers 530: the tunnel has no connector"),
        (530, "1016", "Cloudflare answers 530: the name points to nothing"),
        (521, "521", "Cloudflare answers 521: the origin refuses the connection"),
        (526, "526", "Cloudflare answers 526: the origin's certificate is not accepted"),
    ])
    func theEdgeAloneIsNoAnswer(status: Int, code: String, words: String) async throws {
        for stage in [ServingStage.nameAnswers, .serving] {
            #expect(
                try await Self.see(stage) { _ in Self.edge(status, code) } == .waiting(words))
        }
    }

    @Test(arguments: [200, 301, 401, 404, 500, 502])
    func anyOtherAnswerIsOne(status: Int) async throws {
        #expect(
            try await Self.see(.nameAnswers) { _ in HTTPResponse(status: status) } == .reached)
    }

    @Test func aNameThatDoesNotResolveIsToldApart() async throws {
        let seen = try await Self.see(.nameAnswers) { _ in
            throw HTTPError(
                .unknownHost, origin: "https://web.example.com:443", detail: "no such host")
        }
        #expect(
            seen == .waiting("https://web.example.com:443: the name does not resolve yet"))
    }

    @Test func aNameMayAnswerBeforeItsCertificateIsValid() async throws {
        let answer: @Sendable (HTTPRequest) throws -> HTTPResponse = { request in
            guard request.trust == .system else { return HTTPResponse(status: 200) }
            throw HTTPError(
                .untrustedCertificate, origin: "https://web.example.com:443", detail: "expired")
        }
        #expect(try await Self.see(.nameAnswers, answering: answer) == .reached)
        #expect(
            try await Self.see(.certificateValid, answering: answer)
                == .waiting("https://web.example.com:443: its certificate is not valid yet"))
    }

    @Test func theCertificatesEndIsNoted() async throws {
        let seen = try await Self.see(.certificateValid) { request in
            #expect(request.asksForCertificate)
            var response = HTTPResponse(status: 200)
            response.certificateExpiry = Date(timeIntervalSince1970: 1_800_000_000)
            return response
        }
        #expect(seen == .noted("valid until 2027-01-15T08:00:00Z"))
        #expect(
            CertificateWords.expiry(in: "valid until 2027-01-15T08:00:00Z")
                == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(CertificateWords.expiry(in: "not seen; serving proves it") == nil)
    }

    @Test func healthIsAskedWhereTheSpecSays() async throws {
        #expect(
            try await Self.see(.serving) { request in
                HTTPResponse(status: request.url == "https://web.example.com/health" ? 200 : 404)
            } == .reached)
        #expect(
            try await Self.see(.serving) { _ in
                HTTPResponse(status: 503, body: Array("starting\nup".utf8))
            }
                == .waiting(
                    "https://web.example.com/health answers 503: \u{201C}starting⏎up\u{201D}"))
    }

    @Test func aRedirectIsAnAnswerWhereNothingElseWasAskedFor() async throws {
        let answer: @Sendable (HTTPRequest) throws -> HTTPResponse = { _ in
            HTTPResponse(status: 302, headers: [HTTPHeader("Location", "/login")])
        }
        #expect(try await Self.see(.serving, health: nil, answering: answer) == .reached)
        #expect(
            try await Self.see(.serving, answering: answer)
                == .waiting("https://web.example.com/health answers 302 to /login"))
    }

    // MARK: - MCP

    private static let result =
        #"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{},"#
        + #""serverInfo":{"name":"tools","version":"1"}}}"#

    private static func mcp(
        _ body: String, type: String = "application/json", status: Int = 200,
        headers: [HTTPHeader] = []
    ) async throws -> Sighting {
        try await see(.serving, .mcp, health: "/mcp") { request in
            guard case .bytes(let bytes) = request.body,
                String(decoding: bytes, as: UTF8.self).contains("\"initialize\"")
            else { return HTTPResponse(status: 202) }
            return HTTPResponse(
                status: status, headers: [HTTPHeader("Content-Type", type)] + headers,
                body: Array(body.utf8))
        }
    }

    @Test func aSessionBeginsInJSONOrInEvents() async throws {
        #expect(try await Self.mcp(Self.result) == .reached)
        #expect(
            try await Self.mcp(
                ": hello\r\n\r\nevent: message\r\nid: 7\r\ndata: \(Self.result)\r\n\r\n",
                type: "text/event-stream; charset=utf-8") == .reached)
    }

    @Test func aSessionIsEndedPolitely() async throws {
        let (requests, continuation) = AsyncStream.makeStream(of: HTTPRequest.self)
        let seen = try await Self.see(.serving, .mcp, health: "/mcp") { request in
            continuation.yield(request)
            return HTTPResponse(
                status: 200,
                headers: [
                    HTTPHeader("Content-Type", "application/json"),
                    HTTPHeader("Mcp-Session-Id", "s1"),
                ], body: Array(Self.result.utf8))
        }
        continuation.finish()
        #expect(seen == .reached)
        var methods: [String] = []
        var sessions: [String?] = []
        for await request in requests {
            methods.append(request.method.rawValue)
            sessions.append(request.headers.first { $0.name == "Mcp-Session-Id" }?.value)
        }
        #expect(methods == ["POST", "POST", "DELETE"])
        #expect(sessions == [nil, "s1", "s1"])
    }

    @Test(arguments: [
        (301, "text/html", "", "Location", "/mcp/", "answers 301 to /mcp/"),
        (401, "text/plain", "", "WWW-Authenticate", "Bearer", "answers 401 (Bearer)"),
        (200, "text/html", "<html>", "X", "y", "answers a web page"),
        (404, "text/plain", "nope", "X", "y", "answers 404: \u{201C}nope\u{201D}"),
        (200, "application/json", "{}", "X", "y", "without protocolVersion or serverInfo"),
        (200, "application/json", "oh", "X", "y", "does not answer `initialize` in JSON"),
        (
            200, "application/json", #"{"id":1,"error":{"code":-1,"message":"too old"}}"#, "X",
            "y", "refuses `initialize`: too old"
        ),
    ])
    func otherAnswersAreToldApart(
        status: Int, type: String, body: String, header: String, value: String, words: String
    ) async throws {
        let seen = try await Self.mcp(
            body, type: type, status: status, headers: [HTTPHeader(header, value)])
        guard case .waiting(let said) = seen else {
            Issue.record("\(seen)")
            return
        }
        #expect(said.contains(words))
    }
}
