import Foundation
import Synchronization

/// How far AWS's clock is from this machine's, learnt from the `Date` of its answers.
///
/// What differs more than AWS itself tolerates is an error: leases and certificates would suffer
/// from such a clock as well.
final class ServerClock: Sendable {
    private static let tolerance: TimeInterval = 15 * 60
    private let learnt = Mutex<TimeInterval>(0)

    /// Seconds to add to this machine's time before signing.
    var offset: TimeInterval { learnt.withLock { $0 } }

    /// Takes over the server's time when a signature made now would be off by more than a minute.
    ///
    /// - Parameter signed: the offset under which the refused request was signed; another request
    ///   may have learnt since.
    /// - Returns: whether signing again can help.
    func learn(from error: AWSError, at now: Date, signed: TimeInterval) -> Bool {
        guard error.mayBeClockSkew, let served = error.servedAt else { return false }
        let offset = served.timeIntervalSince(now)
        guard abs(offset - signed) > 60, abs(offset) <= Self.tolerance else { return false }
        learnt.withLock { $0 = offset }
        return true
    }
}
