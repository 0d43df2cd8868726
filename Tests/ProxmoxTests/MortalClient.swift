import HTTP
import Synchronization

/// A client of a process that is killed: the request of a certain number has its effect, its
/// answer is not heard, and nothing is sent after it.
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
        let number = sent.withLock { count in
            defer { count += 1 }
            return count
        }
        guard number <= last else { throw CancellationError() }
        let response = try await base.send(request)
        guard number < last else { throw CancellationError() }
        return response
    }
}
