import CurlHTTP
import HTTP
import Logging
import Testing

@Suite(.timeLimit(.minutes(20))) struct CancellationTests {
    private let client = CurlHTTPClient(environment: [:], logger: Logger(label: "test"))

    @Test func cancellingHangsUp() async throws {
        let (arrivals, arrived) = AsyncStream<String>.makeStream()
        let server = try RawServer { connection in
            connection.readHead()
            arrived.yield("request")
            connection.waitForEnd()
            arrived.yield("end")
        }
        let sending = Task { try await client.send(HTTPRequest(.get, server.origin)) }
        var events = arrivals.makeAsyncIterator()
        #expect(await events.next() == "request")
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        #expect(await events.next() == "end")
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let server = try RawServer { connection in connection.readHead() }
        let origin = server.origin
        let sending = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(HTTPRequest(.get, origin))
        }
        await #expect(throws: CancellationError.self) { try await sending.value }
        #expect(server.connections == 0)
    }

    @Test func cancellingOneLeavesTheOthers() async throws {
        try await EchoServer.serving { server in
            let tasks = (0..<100).map { number in
                Task {
                    try await client.send(
                        HTTPRequest(.post, server.origin + "/x", body: .text("\(number)")))
                }
            }
            for task in tasks where task.hashValue % 2 == 0 { task.cancel() }
            for (number, task) in tasks.enumerated() {
                do {
                    #expect(try await task.value.text == "\(number)")
                } catch {
                    #expect(error is CancellationError && task.isCancelled)
                }
            }
        }
    }

    @Test func closingFailsWhatIsUnderWay() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let server = try RawServer { connection in
            connection.readHead()
            arrived.yield()
            connection.waitForEnd()
        }
        let sending = Task { try await client.send(HTTPRequest(.get, server.origin)) }
        var events = arrivals.makeAsyncIterator()
        await events.next()
        client.close()
        await #expect(throws: CancellationError.self) { try await sending.value }
        await #expect(throws: CancellationError.self) {
            try await client.send(HTTPRequest(.get, server.origin))
        }
    }

    @Test func lettingGoOfTheClientEndsItsConnections() async throws {
        let (arrivals, arrived) = AsyncStream<String>.makeStream()
        let server = try RawServer { connection in
            connection.readHead()
            connection.answer("ok")
            connection.waitForEnd()
            arrived.yield("end")
        }
        var client: CurlHTTPClient? = CurlHTTPClient(
            environment: [:], logger: Logger(label: "test"))
        #expect(try await client?.send(HTTPRequest(.get, server.origin)).text == "ok")
        client = nil
        var events = arrivals.makeAsyncIterator()
        #expect(await events.next() == "end")
    }
}
