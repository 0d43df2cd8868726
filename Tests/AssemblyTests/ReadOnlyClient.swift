import HTTP
import Synchronization

/// Passes requests on and keeps those that ask for a change.
final class ReadOnlyClient: HTTPClient {
    private let base: any HTTPClient
    private let seen = Mutex<[String]>([])

    init(_ base: any HTTPClient) { self.base = base }

    /// The requests that were more than a look.
    var changes: [String] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if !request.isRead { seen.withLock { $0.append("\(request.method) \(request.url)") } }
        return try await base.send(request)
    }
}
