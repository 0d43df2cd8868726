import Foundation

/// A store's leases: each call is one atomic step.
package protocol LeaseTable: Sendable {
    /// Takes the leases of all services, or of none.
    func claim(_ request: LeaseRequest) async throws -> LeaseDecision
    /// Moves the end of the leases on.
    /// - Returns: those that are still held.
    func renew(_ leases: [Lease]) async throws -> [Lease]
    /// Gives back those that are still held.
    func release(_ leases: [Lease]) async throws
    /// Takes the leases of that id from their holder.
    /// - Returns: what was taken; none when there is no such lease.
    func unlock(_ id: String) async throws -> [Lease]
}

/// Holds leases around a piece of work: waits for them, renews them, gives them back.
package struct LeaseKeeper: Sendable {
    private let table: any LeaseTable
    private let terms: LeaseTerms
    private let time: any TimeSource
    private let random: any RandomSource
    private let whenWaiting: @Sendable (Lease) -> Void

    /// - Parameter whenWaiting: told of the lease that this run waits for, again for each holder.
    package init(
        _ table: any LeaseTable, terms: LeaseTerms, time: any TimeSource,
        random: any RandomSource, whenWaiting: @escaping @Sendable (Lease) -> Void
    ) {
        self.table = table
        self.terms = terms
        self.time = time
        self.random = random
        self.whenWaiting = whenWaiting
    }

    /// Runs `body` with the leases of `services`.
    /// - Parameter given: generations that were given before, as far as the caller knows.
    /// - Throws: `StateError.locked` when one is still another's after the claim's patience.
    package func holding<Result: Sendable>(
        _ services: Set<String>, _ claim: LeaseClaim, given: [String: Int] = [:],
        _ body: (HeldLeases) async throws -> Result
    ) async throws -> Result {
        let held = try await obtain(services, claim, given)
        do {
            let result = try await renewing(held, while: body)
            await giveBack(held)
            return result
        } catch {
            await giveBack(held)
            throw error
        }
    }

    /// A lease that cannot be given back expires by itself; what was done under it matters more.
    /// After a write of unknown outcome it is broken instead: the next claimant takes it over, and
    /// shuts that write out.
    private func giveBack(_ held: HeldLeases) async {
        try? await shielded { [table] in
            if held.proof.isInDoubt, let id = held.leases.first?.id {
                _ = try await table.unlock(id)
            } else {
                try await table.release(held.leases)
            }
        }
    }

    private func obtain(
        _ services: Set<String>, _ claim: LeaseClaim, _ given: [String: Int]
    ) async throws -> HeldLeases {
        let deadline = time.now().addingTimeInterval(claim.patience / .seconds(1))
        var request = LeaseRequest(
            id: random.hexadecimal(16), services: services, claim: claim, given: given)
        var inquiry = Inquiry(terms.evidence, time: time)
        var awaited: String?
        while true {
            try Task.checkCancellation()
            let asked = time.now()
            switch try await table.claim(request) {
            case .granted(let leases, let tookOver):
                return HeldLeases(
                    leases: leases, tookOver: tookOver,
                    proof: LeaseGuard(services, until: terms.reliance(from: asked), time: time))
            case .refused(let lease):
                if await inquiry.isDead(lease, seenFrom: claim.holder) {
                    request.provenDead.insert(lease.id)
                    continue
                }
                let remaining = deadline.timeIntervalSince(time.now())
                guard remaining > 0 else { throw StateError.locked(lease) }
                if awaited != lease.id { whenWaiting(lease) }
                awaited = lease.id
                // Between half a second and one and a half, so that those who wait do not meet.
                let pause = min(remaining, 0.5 + random.fraction())
                try await time.sleep(for: .seconds(pause))
            }
        }
    }

    private func renewing<Result: Sendable>(
        _ held: HeldLeases, while body: (HeldLeases) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await renew(held) }
            defer { group.cancelAll() }
            return try await body(held)
        }
    }

    /// The heartbeat. A failed beat is no end: the next comes sooner and may pass.
    private func renew(_ held: HeldLeases) async throws {
        var leases = held.leases
        var pause = terms.lifetime / 3
        while !leases.isEmpty {
            try await time.sleep(for: pause)
            let asked = time.now()
            guard let renewed = try? await table.renew(leases) else {
                pause = terms.lifetime / 12
                continue
            }
            pause = terms.lifetime / 3
            leases = renewed
            held.proof.renewed(
                Set(renewed.map(\.service)), until: terms.reliance(from: asked))
        }
    }
}
