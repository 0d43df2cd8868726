package import HTTP

import Synchronization

/// A client that answers from a script and keeps what was asked; an unscripted request fails.
package final class ScriptedHTTPClient: HTTPClient {
    package typealias Answer = @Sendable (HTTPRequest) throws -> HTTPResponse

    private let script: Mutex<[Answer]>
    private let asked = Mutex<[HTTPRequest]>([])

    /// - Parameter answers: one for each request, in order.
    package init(_ answers: [Answer]) { script = Mutex(answers) }

    package convenience init(_ responses: HTTPResponse...) {
        self.init(responses.map { response in { _ in response } })
    }

    /// Every request so far.
    package var requests: [HTTPRequest] { asked.withLock { $0 } }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        asked.withLock { $0.append(request) }
        let answer = script.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let answer else {
            throw HTTPError(
                .other, origin: request.url,
                detail: "unscripted request \(request.method.rawValue) \(request.url)")
        }
        return try answer(request)
    }
}
