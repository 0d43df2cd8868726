import HTTP
import Simulation

import Synchronization

/// Counts a world's mutating requests, and has one of them go wrong.
final class FaultTally: Sendable {
    private let count = Mutex(0)
    private let fault: Fault?
    private let index: Int

    /// - Parameter index: the mutating request, from 0, that goes wrong.
    init(_ fault: Fault? = nil, at index: Int = 0) {
        self.fault = fault
        self.index = index
    }

    var writes: Int { count.withLock { $0 } }

    var plan: FaultPlan {
        FaultPlan { [self] _, request in
            guard !request.isRead else { return nil }
            return count.withLock { count in
                defer { count += 1 }
                return count == index ? fault : nil
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
