import CurlHTTP
import HTTP
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct RequestLogTests {
    /// Keeps what is logged.
    struct Recorder: LogHandler {
        final class Lines: Sendable {
            let list = Mutex<[String]>([])
        }

        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = event.metadata.map { " \($0)" } ?? ""
            lines.list.withLock { $0.append("\(event.level): \(event.message)\(metadata)") }
        }
    }

    private let lines = Recorder.Lines()

    private func client() -> CurlHTTPClient {
        let recorder = Recorder(lines: lines)
        return CurlHTTPClient(
            environment: [:], logger: Logger(label: "test") { _ in recorder })
    }

    @Test func credentialsAndBodiesStayOut() async throws {
        let server = try RawServer { connection in
            connection.readHead()
            connection.send(
                "HTTP/1.1 201 Created\r\nSet-Cookie: hidden\r\nX-Shown: yes\r\n"
                    + "Location: https://other/p?X-Amz-Signature=hidden\r\n"
                    + "Content-Length: 6\r\n\r\nhidden")
        }
        let url = server.origin.replacing("http://", with: "http://me:hidden@")
        let names = [
            "Authorization", "X-Amz-Security-Token", "Cookie", "X-Auth-Key", "CF-Access-Client-Id",
            "Proxy-Authorization", "CSRFPreventionToken",
        ]
        _ = try await client().send(
            HTTPRequest(
                .post, "\(url)/p?Action=Run&X-Amz-Signature=hidden&access_token=hidden&flag",
                headers: names.map { HTTPHeader($0, "hidden") } + [
                    HTTPHeader("X-Flagged", "hidden", isSensitive: true),
                    HTTPHeader("X-Plain", "shown"),
                ], body: .text("hidden")))
        let logged = lines.list.withLock { $0 }
        #expect(logged.count == 4)
        #expect(logged.allSatisfy { !$0.contains("hidden") })
        let line =
            "POST \(server.origin)/p?Action=Run&X-Amz-Signature=(secret)"
            + "&access_token=(secret)&flag"
        #expect(logged.first == "debug: sending \(line)")
        #expect(logged[1].contains("X-Plain: shown"))
        #expect(logged[1].contains("X-Flagged: (secret)"))
        #expect(logged[2].hasPrefix("debug: answer 201 Created after "))
        #expect(logged[2].hasSuffix(" ms to \(line)"))
        #expect(logged[3].contains("X-Shown: yes"))
    }

    @Test func aFailureIsOneLine() async throws {
        let origin = "http://127.0.0.1:\(try RawServer.freePort())"
        await #expect(throws: HTTPError.self) { try await client().send(HTTPRequest(.get, origin)) }
        let last = lines.list.withLock { $0.last } ?? ""
        #expect(last.hasPrefix("debug: no answer after "))
        #expect(last.contains(" to GET \(origin): Failed to connect to 127.0.0.1"))
    }
}
