import HTTP
import Synchronization

/// Counts the requests that pass through it, and the bytes of their bodies both ways; those for
/// leases apart, for they follow from runs and time rather than from changes.
final class CountingClient: HTTPClient {
    struct Traffic: Sendable {
        var requests = 0
        var bytes = 0
    }

    struct Counts: Sendable {
        var journal = Traffic()
        var leases = Traffic()
    }

    private let base: any HTTPClient
    private let counts = Mutex(Counts())

    init(_ base: any HTTPClient) { self.base = base }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await base.send(request)
        var bytes = response.body.count
        if case .bytes(let body) = request.body { bytes += body.count }
        let part = request.url.hasSuffix(".leases") ? \Counts.leases : \Counts.journal
        counts.withLock { counts in
            counts[keyPath: part].requests += 1
            counts[keyPath: part].bytes += bytes
        }
        return response
    }

    /// What was counted since the last call.
    func take() -> Counts {
        counts.withLock { counts in
            defer { counts = Counts() }
            return counts
        }
    }
}
