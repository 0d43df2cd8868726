import Foundation

/// A store's leases: each call is one atomic step.
package protocol LeaseTable: Sendable {
    /// Takes the leases of all services, or of none.
    func claim(_ services: Set<String>, _ claim: LeaseClaim) async throws -> LeaseDecision
    /// Moves the end of the leases on.
    /// - Returns: those that are still held.
    func renew(_ leases: [Lease]) async throws -> [Lease]
    /// Gives back those that are still held. Works in a cancelled task too.
    func release(_ leases: [Lease]) async throws
}

/// Holds leases around a piece of work: waits for them, renews them, gives them back.
package struct LeaseKeeper: Sendable {
    private let table: any LeaseTable
    private let lifetime: Duration
    private let time: any TimeSource
    private let random: any RandomSource
    private let whenWaiting: @Sendable (Lease) -> Void

    /// - Parameter whenWaiting: told once of each lease that this run waits for.
    package init(
        _ table: any LeaseTable, lifetime: Duration, time: any TimeSource,
        random: any RandomSource, whenWaiting: @escaping @Sendable (Lease) -> Void
    ) {
        self.table = table
        self.lifetime = lifetime
        self.time = time
        self.random = random
        self.whenWaiting = whenWaiting
    }

    /// Runs `body` with the leases of `services`.
    /// - Throws: `StateError.locked` when one is still another's after the claim's patience.
    package func holding<Result: Sendable>(
        _ services: Set<String>, _ claim: LeaseClaim, _ body: ([Lease]) async throws -> Result
    ) async throws -> Result {
        let leases = try await obtain(services, claim)
        // A lease that cannot be given back expires by itself; what `body` did matters more.
        do {
            let result = try await renewing(leases, while: body)
            try? await table.release(leases)
            return result
        } catch {
            try? await table.release(leases)
            throw error
        }
    }

    private func obtain(_ services: Set<String>, _ claim: LeaseClaim) async throws -> [Lease] {
        let deadline = time.now().addingTimeInterval(claim.patience / .seconds(1))
        var awaited: String?
        while true {
            try Task.checkCancellation()
            switch try await table.claim(services, claim) {
            case .granted(let leases): return leases
            case .refused(let lease):
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
        _ leases: [Lease], while body: ([Lease]) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await renew(leases) }
            defer { group.cancelAll() }
            return try await body(leases)
        }
    }

    /// The heartbeat. A failed beat is no end: the next may pass, and a lease that is really
    /// lost shows at the next write.
    private func renew(_ leases: [Lease]) async throws {
        var held = leases
        while !held.isEmpty {
            try await time.sleep(for: lifetime / 3)
            held = (try? await table.renew(held)) ?? held
        }
    }
}
