import Cryptography
import Foundation
import Journal
import Resources
import Simulation

/// Runs that share one register, each with a table of its own.
struct LeaseBench: Sendable {
    static let lifetime = Duration.seconds(60)
    let register: InMemoryRegister
    let clock: VirtualClock

    init(_ clock: VirtualClock = VirtualClock(), register: InMemoryRegister = InMemoryRegister()) {
        self.clock = clock
        self.register = register
    }

    func terms(_ evidence: [any DeathEvidence] = []) -> LeaseTerms {
        LeaseTerms(lifetime: Self.lifetime, evidence: evidence)
    }

    func table(seed: UInt64 = 1, offset: Duration? = nil) -> RegisterLeaseTable {
        RegisterLeaseTable(
            register, project: "acme", digests: OpenSSLDigests(), terms: terms(),
            time: clock, random: SeededRandom(seed: seed), clockOffset: { offset })
    }

    func keeper(
        seed: UInt64 = 1, evidence: [any DeathEvidence] = [],
        whenWaiting: @escaping @Sendable (Lease) -> Void = { _ in }
    ) -> LeaseKeeper {
        LeaseKeeper(
            table(seed: seed), terms: terms(evidence), time: clock,
            random: SeededRandom(seed: seed), whenWaiting: whenWaiting)
    }

    static func claim(_ pid: Int, runURL: String? = nil, patience: Duration = .zero) -> LeaseClaim {
        LeaseClaim(
            holder: LeaseHolder(user: "ada", host: "laptop", pid: pid, runURL: runURL),
            purpose: "converge", patience: patience)
    }

    static func request(_ id: String, _ services: Set<String>, pid: Int = 1) -> LeaseRequest {
        LeaseRequest(id: id, services: services, claim: claim(pid))
    }

    func lease(
        _ id: String, _ service: String, pid: Int = 1, generation: Int = 1, since: Date? = nil
    ) -> Lease {
        let since = since ?? clock.now()
        return Lease(
            id: id, service: service, holder: Self.claim(pid).holder, purpose: "converge",
            since: since, expires: terms().expiry(from: since), generation: generation)
    }
}

extension LeaseDecision {
    var leases: [Lease] { if case .granted(let leases, _) = self { leases } else { [] } }
}
