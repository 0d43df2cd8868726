import Foundation
import HTTP
import Logging
import TestSupport
import Testing

@testable import CurlHTTP

@Suite(
    .timeLimit(.minutes(20)),
    .enabled(if: TLSServer.Version.http1.isPossible, "openssl or python3 is not installed"))
struct TLSTrustTests {
    private let client = CurlHTTPClient(environment: [:], logger: Logger(label: "test"))
    private let wrong = String(repeating: "0a", count: 32)

    private func refusal(_ url: String, _ trust: TLSTrust) async throws -> HTTPError {
        try await #require(throws: HTTPError.self) {
            try await client.send(HTTPRequest(.get, url, trust: trust))
        }
    }

    @Test func theSystemRefusesAnUnknownAuthority() async throws {
        let server = try TLSServer()
        let error = try await refusal(server.origin, .system)
        #expect(error.reason == .untrustedCertificate)
        #expect(error.detail.contains("self-signed certificate"))
        #expect(try !server.stop().contains("request"))
    }

    @Test func aNamedAuthorityIsTrusted() async throws {
        let server = try TLSServer()
        let byRequest = try await client.send(
            HTTPRequest(.get, server.origin, trust: .authorities(path: server.certificate)))
        #expect(byRequest.text == "ok")
        let other = CurlHTTPClient(
            environment: ["SSL_CERT_FILE": server.certificate], logger: Logger(label: "test"))
        #expect(try await other.send(HTTPRequest(.get, server.origin)).text == "ok")
    }

    /// Also after requests that left a connection to be used again.
    @Test func aCertificatesEndIsToldToWhoAsks() async throws {
        let server = try TLSServer()
        let printed = try ExternalTool("openssl").run(
            [
                "x509", "-in", server.certificate, "-noout", "-enddate", "-dateopt", "iso_8601",
            ], takingErrors: false
        ).text.split(separator: "=").last.map { $0.split(separator: "\n")[0] }
        let end = try #require(printed).replacing(" ", with: "T")
        var request = HTTPRequest(
            .get, server.origin, trust: .authorities(path: server.certificate))
        for _ in 1...2 {
            request.asksForCertificate = false
            #expect(try await client.send(request).certificateExpiry == nil)
            request.asksForCertificate = true
            let told = try await client.send(request).certificateExpiry
            #expect(told?.formatted(.iso8601) == String(end))
        }
    }

    @Test(arguments: [
        ("Expire date:Jan  5 12:00:09 2027 GMT", Optional("2027-01-05T12:00:09Z")),
        ("Start date:Jan  5 12:00:09 2027 GMT", nil), ("Expire date:", nil),
        ("Expire date:Jul 32 x 2027 GMT", nil), ("Expire date:2027-01-05 12:00:09 GMT", nil),
    ])
    func aLineThatIsNoDateIsNone(line: String, date: String?) {
        #expect(CertificateDate(line: line)?.date.formatted(.iso8601) == date)
    }

    @Test func aMissingFileOfAuthoritiesIsSaid() async throws {
        let server = try TLSServer()
        let error = try await refusal(server.origin, .authorities(path: "/nowhere/ca.pem"))
        #expect(error.reason == .untrustedCertificate)
        #expect(error.detail.contains("/nowhere/ca.pem"))
    }

    @Test func theRightFingerprintIsEnough() async throws {
        let server = try TLSServer()
        let plain = server.fingerprint.lowercased().filter { $0 != ":" }
        let byName = server.origin.replacing("127.0.0.1", with: "localhost")
        for url in [server.origin, server.origin, byName] {
            for fingerprint in [server.fingerprint, plain] {
                let response = try await client.send(
                    HTTPRequest(.get, url, trust: .fingerprint(fingerprint)))
                #expect(response.text == "ok")
            }
        }
        let seen = try server.stop()
        #expect(seen.count { $0 == "request" } == 6)
        #expect(seen.count { $0 == "handshake" } == 2)
    }

    @Test func aWrongFingerprintIsRefusedBeforeTheRequest() async throws {
        let server = try TLSServer()
        let error = try await refusal(server.origin, .fingerprint(wrong))
        #expect(error.reason == .untrustedCertificate)
        #expect(error.detail.contains(server.fingerprint))
        #expect(try !server.stop().contains("request"))
    }

    @Test func connectionsAreNotSharedAcrossTrusts() async throws {
        let server = try TLSServer()
        let right = TLSTrust.fingerprint(server.fingerprint)
        for trust in [TLSTrust.anything, right, .anything, right] {
            #expect(
                try await client.send(HTTPRequest(.get, server.origin, trust: trust)).status == 200)
        }
        for trust in [TLSTrust.fingerprint(wrong), .system] {
            #expect(try await refusal(server.origin, trust).reason == .untrustedCertificate)
        }
        let seen = try server.stop()
        #expect(seen.count { $0 == "handshake" } == 2)
        #expect(seen.count { $0 == "request" } == 4)
    }

    @Test(arguments: [
        "", "abc", String(repeating: "zz", count: 32), String(repeating: "+1", count: 32),
    ])
    func whatIsNoFingerprintIsRefused(fingerprint: String) async throws {
        let error = try await refusal("https://127.0.0.1:1", .fingerprint(fingerprint))
        #expect(error.reason == .untrustedCertificate)
    }

    @Test func aFingerprintNeedsACertificate() async throws {
        let error = try await refusal("http://127.0.0.1:1", .fingerprint(wrong))
        #expect(error.reason == .untrustedCertificate)
    }
}
