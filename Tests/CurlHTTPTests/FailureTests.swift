import CurlHTTP
import HTTP
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct FailureTests {
    private let client = CurlHTTPClient(
        environment: [:], logger: Logger(label: "test"), bodyLimit: 1000)

    /// The error that `request` ends with.
    private func failure(
        of request: HTTPRequest, by client: CurlHTTPClient? = nil
    ) async -> HTTPError? {
        let client = client ?? self.client
        return await #expect(throws: HTTPError.self) { try await client.send(request) }
    }

    @Test func nobodyListens() async throws {
        let origin = "http://127.0.0.1:\(try RawServer.freePort())"
        let error = await failure(of: HTTPRequest(.get, origin + "/path?query"))
        #expect(error?.reason == .refused)
        #expect(error?.origin == origin)
    }

    @Test func nobodyHasTheName() async throws {
        let error = await failure(of: HTTPRequest(.get, "http://no-such-host.invalid/"))
        #expect(error?.reason == .unknownHost)
        #expect(error?.detail.contains("no-such-host.invalid") == true)
    }

    @Test(arguments: [
        "", "no url", "ftp://127.0.0.1/", "http://", "http://127.0.0.1/a b", "https:///x",
    ])
    func theURLIsNone(url: String) async throws {
        #expect(await failure(of: HTTPRequest(.get, url))?.reason == .badURL)
    }

    @Test(arguments: [
        HTTPHeader("X", "a\r\nInjected: b"), HTTPHeader("X\nY", "a"), HTTPHeader("", "a"),
        HTTPHeader("X:Y", "a"), HTTPHeader("X", "a\u{0}b"),
    ]) func aHeaderIsNoLine(header: HTTPHeader) async throws {
        let request = HTTPRequest(.get, "http://127.0.0.1:1/", headers: [header])
        #expect(await failure(of: request)?.reason == .other)
    }

    @Test func theUserIsNotShown() async throws {
        let port = try RawServer.freePort()
        let error = await failure(of: HTTPRequest(.get, "http://me:hidden@127.0.0.1:\(port)/"))
        #expect(error?.origin == "http://127.0.0.1:\(port)")
        #expect(error?.detail.contains("hidden") == false)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"])
    func theServerHangsUp(after answer: String) async throws {
        let server = try RawServer { connection in
            connection.readHead()
            connection.send(answer)
        }
        #expect(
            await failure(of: HTTPRequest(.post, server.origin))?.reason == .interrupted)
    }

    @Test func theServerIsSilent() async throws {
        let server = try RawServer { connection in connection.waitForEnd() }
        let request = HTTPRequest(.get, server.origin, timeout: .milliseconds(200))
        #expect(await failure(of: request)?.reason == .timedOut)
    }

    @Test func theAnswerIsTooBig() async throws {
        let server = try RawServer { connection in
            connection.readHead()
            connection.answer(String(repeating: "x", count: 1001))
        }
        let error = await failure(of: HTTPRequest(.get, server.origin))
        #expect(error?.detail == "the answer has more than 1000 bytes")
    }

    @Test func theBodyCannotBeRead() async throws {
        struct Unreadable: Error {}
        try await EchoServer.serving { server in
            for body in [
                HTTPBody.stream(length: 10) { _, _ in throw Unreadable() },
                .stream(length: 10) { offset, _ in offset == 0 ? [1, 2] : [] },
                .stream(length: 10) { _, limit in Array(repeating: 0, count: limit + 1) },
            ] {
                let request = HTTPRequest(.post, server.origin + "/x", body: body)
                #expect(await failure(of: request)?.reason == .other)
            }
        }
    }

    /// A kept connection that dies under a request: only what changes nothing is sent twice.
    @Test(arguments: [
        (HTTPRequest.Method.get, HTTPBody.none, true), (.post, .none, false),
        (.put, .text("body"), false), (.delete, .none, false),
    ])
    func aKeptConnectionDies(
        method: HTTPRequest.Method, body: HTTPBody, isRepeated: Bool
    ) async throws {
        let heads = Heads()
        let server = try RawServer(
            { connection in
                connection.readHead()
                connection.answer("first")
                connection.readHead()
            },
            { connection in
                let head = connection.readHead()
                heads.list.withLock { $0.append(head) }
                connection.answer("repeated")
            })
        _ = try await client.send(HTTPRequest(.get, server.origin))
        let request = HTTPRequest(method, server.origin, body: body)
        if isRepeated {
            #expect(try await client.send(request).text == "repeated")
        } else {
            #expect(await failure(of: request)?.reason == .interrupted)
            #expect(heads.list.withLock { $0.joined() } == "")
        }
    }

    private final class Heads: Sendable {
        let list = Mutex<[String]>([])
    }

    @Test func aProxyThatRefusesHasNoEffect() async throws {
        let proxy = try RawServer { connection in
            connection.readHead()
            connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        }
        let client = CurlHTTPClient(
            environment: ["https_proxy": proxy.origin], logger: Logger(label: "test"))
        let error = await failure(of: HTTPRequest(.post, "https://api.invalid/"), by: client)
        #expect(error?.isCertainlyWithoutEffect == true)
    }
}
