import HTTP
import Simulation

import Synchronization

/// Counts a world's mutating requests, and loses the answer to one of them.
final class FaultTally: Sendable {
    private let count = Mutex(0)
    private let lost: Int?

    /// - Parameter index: the mutating request, from 0, whose answer is lost; `nil` loses none.
    init(losing index: Int?) { lost = index }

    var writes: Int { count.withLock { $0 } }

    var plan: FaultPlan {
        FaultPlan { [self] _, request in
            guard !request.isRead else { return nil }
            return count.withLock { count in
                defer { count += 1 }
                return count == lost ? .lostReply : nil
            }
        }
    }
}

extension SimulatedRequest {
    /// True when the request changes nothing, by the same rule as `HTTPRequest.isRead`.
    fileprivate var isRead: Bool {
        guard let method = HTTPRequest.Method(rawValue: method) else { return false }
        return HTTPRequest(method, origin + path, headers: headers, body: .bytes(body)).isRead
    }
}
