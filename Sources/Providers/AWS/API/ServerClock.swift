import Foundation
import Synchronization

/// How far AWS's clock is from this machine's, learnt from the `Date` of its answers.
final class ServerClock: Sendable {
    private let learnt = Mutex<TimeInterval>(0)

    /// Seconds to add to this machine's time before signing.
    var offset: TimeInterval { learnt.withLock { $0 } }

    /// Takes over the server's time when a signature made now would be off by more than a minute.
    /// - Returns: whether signing again can help.
    func learn(from error: AWSError, at now: Date) -> Bool {
        guard error.mayBeClockSkew, let served = error.servedAt else { return false }
        let offset = served.timeIntervalSince(now)
        return learnt.withLock { known in
            guard abs(offset - known) > 60 else { return false }
            known = offset
            return true
        }
    }
}
