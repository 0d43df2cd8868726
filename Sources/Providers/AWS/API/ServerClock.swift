import Foundation
import Synchronization

/// How far AWS's clock is from this machine's, learnt from the `Date` of its answers.
///
/// What differs more than AWS itself tolerates is an error: leases and certificates would suffer
/// from such a clock as well.
final class ServerClock: Sendable {
    private static let tolerance: TimeInterval = 15 * 60
    private let learnt = Mutex<TimeInterval>(0)
    private let heard = Mutex<(date: String, at: Date)?>(nil)

    /// Seconds to add to this machine's time before signing.
    var offset: TimeInterval { learnt.withLock { $0 } }

    /// Keeps the `Date` of the latest answer.
    func hear(_ date: String?, at now: Date) {
        if let date { heard.withLock { $0 = (date, now) } }
    }

    /// Seconds from this machine's time to the server's by the latest answer, to the second.
    var difference: TimeInterval? {
        heard.withLock { $0 }.flatMap { heard in
            HTTPDate.parse(heard.date).map { $0.timeIntervalSince(heard.at) }
        }
    }

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
