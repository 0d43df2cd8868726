import Resources

/// Who writes: one holder of leases.
struct JournalAuthor: Sendable {
    /// Tells the holders in one process apart.
    let id: String
    let claim: LeaseClaim
    let generations: [String: Int]
    private let proof: LeaseGuard

    init(_ held: HeldLeases, claim: LeaseClaim, id: String) {
        self.id = id
        self.claim = claim
        proof = held.proof
        generations = Dictionary(held.leases.map { ($0.service, $0.generation) }) { $1 }
    }

    /// 0 for a service whose lease it does not have.
    func generation(of service: String) -> Int { generations[service] ?? 0 }

    /// A write of this author failed in such a way that it may arrive later.
    func noteUnknownOutcome() { proof.noteUnknownOutcome() }

    /// - Throws: `StateError.leaseLost`
    func proveLease(of service: String) throws {
        guard generations[service] != nil else { throw StateError.leaseLost(service: service) }
        try proof.check(service)
    }
}
