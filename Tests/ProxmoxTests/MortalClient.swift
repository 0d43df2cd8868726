import HTTP
import Synchronization

/// A client of a process that is killed: the change of a certain number has its effect, its
/// answer is not heard, and nothing is sent after it. Reads do not count: the world is the same
/// before and after them.
final class MortalClient: HTTPClient {
    private let base: any HTTPClient
    private let last: Int
    private let sent = Mutex(0)

    /// - Parameter last: from 0.
    init(_ base: any HTTPClient, last: Int) {
        self.base = base
        self.last = last
    }

    var isDead: Bool { sent.withLock { $0 > last } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard !isDead else { throw CancellationError() }
        if !request.isRead { sent.withLock { $0 += 1 } }
        let response = try await base.send(request)
        guard !isDead else { throw CancellationError() }
        return response
    }
}
