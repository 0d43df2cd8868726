import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// A server on loopback that answers every request with the request's body.
struct EchoServer: Sendable {
    /// A request as it arrived.
    struct Seen: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        /// The port that the connection comes from.
        let peer: String
    }

    let origin: String
    private let requests: Requests

    private final class Requests: Sendable {
        let list = Mutex<[Seen]>([])
    }

    var seen: [Seen] { requests.list.withLock { $0 } }

    /// Runs `body` while the server runs.
    static func serving(_ body: (EchoServer) async throws -> Void) async throws {
        let requests = Requests()
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 60, logger: .disabled,
            handler: ClosureHTTPHandler { request in
                requests.list.withLock {
                    $0.append(
                        Seen(
                            method: request.method.rawValue, target: request.target.rawValue,
                            headers: Dictionary(
                                request.headers.map { ($0.key.rawValue.lowercased(), $0.value) },
                                uniquingKeysWith: { first, _ in first }),
                            peer: request.remoteAddress.map { "\($0)" } ?? ""))
                }
                return HTTPResponse(statusCode: .ok, body: try await request.bodyData)
            })
        let running = Task { try await server.run() }
        defer { running.cancel() }
        try await server.waitUntilListening(timeout: 60)
        guard case .ip4(_, let port)? = await server.listeningAddress else { return }
        try await body(EchoServer(origin: "http://127.0.0.1:\(port)", requests: requests))
    }
}
