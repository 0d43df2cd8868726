import CurlHTTP
import Foundation
import HTTP
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct CurlHTTPClientTests {
    private let client = CurlHTTPClient(environment: [:], logger: Logger(label: "test"))

    @Test func manyRequestsShareFewConnections() async throws {
        try await EchoServer.serving { server in
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await client.send(
                            HTTPRequest(.post, server.origin + "/x", body: .text("\(number)"))
                        ).text
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(bodies == Set((0..<200).map(String.init)))
            #expect(Set(server.seen.map(\.peer)).count <= 16)
        }
    }

    @Test func aBigStreamArrivesWhole() async throws {
        let length = 5_000_003
        let pattern: @Sendable (Int) -> UInt8 = { UInt8(truncatingIfNeeded: $0 &* 31 >> 4) }
        let largestPiece = LargestPiece()
        let body = HTTPBody.stream(length: length) { offset, limit in
            largestPiece.count.withLock { $0 = max($0, limit) }
            return (offset..<min(offset + limit, length)).map(pattern)
        }
        try await EchoServer.serving { server in
            let response = try await client.send(
                HTTPRequest(.post, server.origin + "/upload", body: body))
            #expect(response.body == (0..<length).map(pattern))
            #expect(server.seen.first?.headers["content-length"] == "\(length)")
            #expect(server.seen.first?.headers["transfer-encoding"] == nil)
            #expect(server.seen.first?.headers["expect"] == nil)
        }
        #expect(largestPiece.count.withLock { $0 } <= 2 << 20)
    }

    private final class LargestPiece: Sendable {
        let count = Mutex(0)
    }

    @Test(arguments: [
        "/", "/a%2Fb/../c//./d%20e/%7euser;x=1?q=%2f&empty=&x+y='z'&%c3%A9", "/x?", "/*!()$,:@",
        "?only=query",
    ]) func thePathIsSentAsItIs(target: String) async throws {
        let head = Head()
        let server = try RawServer { connection in
            head.text.withLock { $0 = connection.readHead() }
            connection.answer()
        }
        _ = try await client.send(HTTPRequest(.get, server.origin + target))
        let sent = target.hasPrefix("/") ? target : "/" + target
        #expect(head.text.withLock { $0 }.hasPrefix("GET \(sent) HTTP/1.1\r\n"))
    }

    private final class Head: Sendable {
        let text = Mutex("")
        var lines: Set<String> {
            Set(text.withLock { $0 }.split(separator: "\r\n").map(String.init))
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, HTTPBody.none, "Content-Length: 0" as String?),
        (.put, .none, "Content-Length: 0"), (.put, .text("four"), "Content-Length: 4"),
        (.delete, .none, nil), (.get, .none, nil),
    ]) func headersAreThoseOfTheRequest(
        method: HTTPRequest.Method, body: HTTPBody, length: String?
    ) async throws {
        let head = Head()
        let server = try RawServer { connection in
            head.text.withLock { $0 = connection.readHead() }
            if length == "Content-Length: 4" { _ = connection.read(4) }
            connection.answer()
        }
        _ = try await client.send(
            HTTPRequest(
                method, server.origin + "/x",
                headers: [HTTPHeader("X-Empty", ""), HTTPHeader("X-One", "1")], body: body))
        let fixed = [
            "\(method.rawValue) /x HTTP/1.1", "Host: 127.0.0.1:\(server.port)",
            "User-Agent: launch", "Accept: */*", "X-Empty:", "X-One: 1",
        ]
        let lines = head.lines.filter { !$0.hasPrefix("Accept-Encoding:") }
        #expect(lines == Set(fixed + [length].compactMap { $0 }))
    }

    @Test func theFinalResponseIsKeptWithItsWords() async throws {
        let server = try RawServer { connection in
            connection.readHead()
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
            connection.send(
                "HTTP/1.1 500 VM 100 already exists\r\nX-A:  spaced \r\nX-A: again\r\n"
                    + "X-Empty:\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
                    + "X-Trailer: late\r\n\r\n")
        }
        let response = try await client.send(HTTPRequest(.get, server.origin))
        #expect(response.status == 500)
        #expect(response.reason == "VM 100 already exists")
        #expect(
            response.headers == [
                HTTPHeader("X-A", "spaced"), HTTPHeader("X-A", "again"), HTTPHeader("X-Empty", ""),
                HTTPHeader("Transfer-Encoding", "chunked"),
            ])
        #expect(response.text == "abc")
    }

    @Test func aHeadAnswerHasNoBody() async throws {
        let server = try RawServer { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")
        }
        let response = try await client.send(HTTPRequest(.head, server.origin))
        #expect(response.status == 200)
        #expect(response.header("content-length") == "50")
        #expect(response.body.isEmpty)
    }

    @Test func aCompressedAnswerIsUnpacked() async throws {
        let packed = "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA=="
        let bytes = try Array(#require(Data(base64Encoded: packed)))
        let server = try RawServer { connection in
            connection.readHead()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n"
            )
            connection.send(bytes)
        }
        #expect(try await client.send(HTTPRequest(.get, server.origin)).text == "hello")
    }

    @Test func aRedirectIsAnAnswer() async throws {
        let server = try RawServer { connection in
            connection.readHead()
            connection.send(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        }
        let response = try await client.send(HTTPRequest(.get, server.origin))
        #expect(response.status == 302)
        #expect(response.header("Location") == "http://127.0.0.1:1/")
    }

    @Test func aProxyIsUsedWhereTheEnvironmentSaysSo() async throws {
        let head = Head()
        let proxy = try RawServer { connection in
            head.text.withLock { $0 = connection.readHead() }
            connection.answer("by proxy")
        }
        let direct = try RawServer { connection in
            connection.readHead()
            connection.answer("direct")
        }
        let client = CurlHTTPClient(
            environment: ["HTTP_PROXY": proxy.origin, "NO_PROXY": "127.0.0.1"],
            logger: Logger(label: "test"))
        let answer = try await client.send(HTTPRequest(.get, "http://api.invalid/a?b=c"))
        #expect(answer.text == "by proxy")
        #expect(head.lines.contains("GET http://api.invalid/a?b=c HTTP/1.1"))
        #expect(try await client.send(HTTPRequest(.get, direct.origin)).text == "direct")
    }
}
