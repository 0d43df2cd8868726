import Foundation

/// A way to find out that a lease's holder has ended without giving its lease back.
package protocol DeathEvidence: Sendable {
    /// How long an answer holds: nobody is asked twice about one lease within that time.
    var interval: Duration { get }

    /// True when `holder` has certainly ended, as far as `witness` can see. Whatever keeps one
    /// from finding out is no evidence.
    func isDead(_ holder: LeaseHolder, seenFrom witness: LeaseHolder) async -> Bool
}

/// The holder's process is gone from this very host.
///
/// Hosts are told apart by name. Another process under the same number counts as the holder's:
/// then the lease ends by expiry.
package struct ProcessEvidence: DeathEvidence {
    package let interval = Duration.zero
    private let isProcessAlive: @Sendable (Int) -> Bool

    package init(_ isProcessAlive: @escaping @Sendable (Int) -> Bool) {
        self.isProcessAlive = isProcessAlive
    }

    package func isDead(_ holder: LeaseHolder, seenFrom witness: LeaseHolder) async -> Bool {
        holder.host == witness.host && !isProcessAlive(holder.pid)
    }
}

/// Questions after the holders of leases that one waits for, none asked too often.
struct Inquiry {
    private struct Question: Hashable {
        let evidence: Int
        let lease: String
    }

    private let evidence: [any DeathEvidence]
    private let time: any TimeSource
    private var lastAsked: [Question: Date] = [:]

    init(_ evidence: [any DeathEvidence], time: any TimeSource) {
        self.evidence = evidence
        self.time = time
    }

    mutating func isDead(_ lease: Lease, seenFrom witness: LeaseHolder) async -> Bool {
        for (index, evidence) in evidence.enumerated() {
            let question = Question(evidence: index, lease: lease.id)
            let next = lastAsked[question]?.addingTimeInterval(evidence.interval / .seconds(1))
            if let next, next > time.now() { continue }
            lastAsked[question] = time.now()
            if await evidence.isDead(lease.holder, seenFrom: witness) { return true }
        }
        return false
    }
}
