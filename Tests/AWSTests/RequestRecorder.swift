import HTTP
import Synchronization

/// Keeps every request that passes.
final class RequestRecorder: HTTPClient {
    private let base: any HTTPClient
    private let kept = Mutex<[HTTPRequest]>([])

    init(_ base: any HTTPClient) { self.base = base }

    var requests: [HTTPRequest] { kept.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        kept.withLock { $0.append(request) }
        return try await base.send(request)
    }
}
