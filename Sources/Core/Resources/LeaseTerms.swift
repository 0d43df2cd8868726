package import Foundation

/// The rules by which leases are given, whatever the store.
package struct LeaseTerms: Sendable {
    /// How far apart clocks may be, in seconds, before leases mean nothing.
    package static let toleratedSkew: TimeInterval = 5 * 60

    /// How long a lease lasts without a sign of life; it is renewed three times as often.
    package let lifetime: Duration
    /// What may prove, before that, that a holder has ended.
    package let evidence: [any DeathEvidence]

    package init(lifetime: Duration = .seconds(60), evidence: [any DeathEvidence]) {
        self.lifetime = lifetime
        self.evidence = evidence
    }

    /// - Parameter isProcessAlive: asked only of processes on the claimant's own host.
    package init(
        lifetime: Duration = .seconds(60), isProcessAlive: @escaping @Sendable (Int) -> Bool
    ) {
        self.init(lifetime: lifetime, evidence: [ProcessEvidence(isProcessAlive)])
    }

    /// When a lease given or renewed now ends.
    package func expiry(from now: Date) -> Date {
        now.addingTimeInterval(lifetime / .seconds(1))
    }

    /// Until when the holder of a lease that was asked for at `asked` relies on it: a twelfth
    /// before its end, for the clocks of two machines are never quite the same.
    package func reliance(from asked: Date) -> Date {
        asked.addingTimeInterval(lifetime * 11 / 12 / .seconds(1))
    }
}

/// A run's question for leases: of every service or of none.
package struct LeaseRequest: Hashable, Sendable {
    /// The id that all of its leases get.
    package let id: String
    package let services: Set<String>
    package let claim: LeaseClaim
    /// The ids of leases whose holders have certainly ended.
    package var provenDead: Set<String> = []
    /// Generations that were given, by service: only greater ones are new. They tell where the
    /// book of leases was lost.
    package let given: [String: Int]

    package init(
        id: String, services: Set<String>, claim: LeaseClaim, given: [String: Int] = [:]
    ) {
        self.id = id
        self.services = services
        self.claim = claim
        self.given = given
    }
}

package enum LeaseDecision: Hashable, Sendable {
    /// - Parameter tookOver: services whose last holder has not given its lease back: it may
    ///   still be about to write.
    case granted([Lease], tookOver: Set<String>)
    case refused(by: Lease)
}
