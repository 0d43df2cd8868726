package import Foundation
import Synchronization

/// Leases that a run was given.
package struct HeldLeases: Sendable {
    /// As they were given; their ends move on.
    package let leases: [Lease]
    /// Services whose last holder has not given its lease back: it may still be about to write.
    package let tookOver: Set<String>
    /// Tells, at any later time, whether they still hold.
    package let proof: LeaseGuard
}

/// Knows, without asking anybody, which of a run's leases certainly hold.
///
/// It goes by this machine's clock and by when each answered question was *sent*, so a run that
/// was paused, or that cannot reach the store, stops by itself before another may take over. The
/// wall clock is right for that: it goes on while a machine is suspended.
package final class LeaseGuard: Sendable {
    private let time: any TimeSource
    private let ends: Mutex<[String: Date]>
    private let doubt = Mutex(false)

    /// - Parameter end: until when the leases of `services` certainly hold.
    package init(_ services: Set<String>, until end: Date, time: any TimeSource) {
        self.time = time
        ends = Mutex(Dictionary(uniqueKeysWithValues: services.map { ($0, end) }))
    }

    /// - Throws: `StateError.leaseLost` when the lease of `service` may have ended.
    package func check(_ service: String) throws {
        guard let end = ends.withLock({ $0[service] }), time.now() < end else {
            throw StateError.leaseLost(service: service)
        }
    }

    /// True when a write under these leases may still arrive, though nobody waits for it any more:
    /// then they must not pass to another as if they had been given back.
    package var isInDoubt: Bool { doubt.withLock { $0 } }

    /// Takes note of a write whose outcome nobody knows.
    package func noteUnknownOutcome() { doubt.withLock { $0 = true } }

    /// Takes note that the leases of `services` were renewed, and that all others are lost for
    /// good. One whose end had passed holds again: nobody has had it in between.
    package func renewed(_ services: Set<String>, until end: Date) {
        ends.withLock { ends in
            ends = ends.filter { services.contains($0.key) }.mapValues { max($0, end) }
        }
    }
}
