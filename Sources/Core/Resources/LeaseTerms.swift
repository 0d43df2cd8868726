package import Foundation

/// The rules by which leases are given, whatever the store.
package struct LeaseTerms: Sendable {
    /// How long a lease lasts without a sign of life; it is renewed three times as often.
    package let lifetime: Duration
    /// Asked only of processes on the claimant's own host.
    package let isProcessAlive: @Sendable (Int) -> Bool

    package init(
        lifetime: Duration = .seconds(60), isProcessAlive: @escaping @Sendable (Int) -> Bool
    ) {
        self.lifetime = lifetime
        self.isProcessAlive = isProcessAlive
    }

    /// True while `lease` keeps `claimant` out: it has not expired, and nothing proves its
    /// holder dead.
    package func stands(_ lease: Lease, against claimant: LeaseHolder, at now: Date) -> Bool {
        let holderIsDead = lease.holder.host == claimant.host && !isProcessAlive(lease.holder.pid)
        return lease.expires > now && !holderIsDead
    }

    /// When a lease given or renewed now ends.
    package func expiry(from now: Date) -> Date {
        now.addingTimeInterval(lifetime / .seconds(1))
    }

    /// Decides over a claim: every service or none.
    /// - Parameters:
    ///   - slots: what the store has for each service.
    ///   - newID: makes a lease's id.
    package func decide(
        _ claim: LeaseClaim, on services: Set<String>, slots: [String: LeaseSlot], at now: Date,
        newID: () -> String
    ) -> LeaseDecision {
        var granted: [Lease] = []
        for service in services.sorted() {
            let slot = slots[service] ?? LeaseSlot()
            if let lease = slot.lease, stands(lease, against: claim.holder, at: now) {
                return .refused(by: lease)
            }
            granted.append(
                Lease(
                    id: newID(), service: service, holder: claim.holder, purpose: claim.purpose,
                    since: now, expires: expiry(from: now), generation: slot.generation + 1))
        }
        return .granted(granted)
    }
}

/// What a store keeps of one service's lease.
package struct LeaseSlot: Hashable, Sendable {
    /// The last generation given, also when nobody holds the lease now.
    package var generation: Int
    package var lease: Lease?

    package init(generation: Int = 0, lease: Lease? = nil) {
        self.generation = generation
        self.lease = lease
    }
}

package enum LeaseDecision: Hashable, Sendable {
    case granted([Lease])
    case refused(by: Lease)
}

extension Lease {
    /// The same lease with a later end.
    package func renewed(until expires: Date) -> Lease {
        Lease(
            id: id, service: service, holder: holder, purpose: purpose, since: since,
            expires: expires, generation: generation)
    }
}
