import CurlHTTP
import HTTP
import Logging
import Testing

@Suite(
    .timeLimit(.minutes(20)),
    .enabled(if: TLSServer.Version.http2.isPossible, "openssl or node is not installed"))
struct HTTP2Tests {
    private let client = CurlHTTPClient(environment: [:], logger: Logger(label: "test"))

    @Test func manyRequestsShareOneConnection() async throws {
        let server = try TLSServer(.http2)
        let trust = TLSTrust.fingerprint(server.fingerprint)
        let origin = server.origin
        let responses = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await client.send(
                        HTTPRequest(.post, "\(origin)/\(number)", body: .text("body"), trust: trust)
                    )
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(responses.count == 100)
        #expect(responses.allSatisfy { $0.status == 201 && $0.reason.isEmpty && $0.text == "ok" })
        #expect(responses.allSatisfy { $0.header("X-A") == "b" })
        let seen = try server.stop()
        #expect(seen.count { $0 == "handshake" } == 1)
        #expect(Set(seen) == Set(["handshake"] + (0..<100).map { "request POST /\($0) 4" }))
    }

    @Test func aBigStreamArrivesWhole() async throws {
        let server = try TLSServer(.http2)
        let body = HTTPBody.stream(length: 3_000_000) { offset, limit in
            Array(repeating: 7, count: min(limit, 3_000_000 - offset))
        }
        _ = try await client.send(
            HTTPRequest(
                .put, server.origin + "/a%2Fb/../c?q=%2f", body: body,
                trust: .fingerprint(server.fingerprint)))
        #expect(try server.stop() == ["handshake", "request PUT /a%2Fb/../c?q=%2f 3000000"])
    }
}
