package import Foundation

/// What a store keeps of its leases, by service, and how that changes: the same in every store.
package struct LeaseBook: Hashable, Sendable {
    package var slots: [String: LeaseSlot]

    package init(slots: [String: LeaseSlot] = [:]) { self.slots = slots }

    /// The leases that have not been given back, in order of services.
    package var leases: [Lease] {
        slots.values.compactMap(\.lease).sorted { $0.service < $1.service }
    }

    /// Gives the leases of every service, or of none.
    /// - Throws: `StateError.wrongClock` at `location` when a lease begins in the future.
    package mutating func claim(
        _ request: LeaseRequest, under terms: LeaseTerms, at now: Date, location: String
    ) throws -> LeaseDecision {
        for service in request.services.sorted() {
            guard let lease = slots[service]?.lease, lease.expires > now,
                !request.provenDead.contains(lease.id)
            else { continue }
            try lease.checkStart(at: now, location: location)
            return .refused(by: lease)
        }
        let tookOver = request.services.filter { service in
            let slot = slots[service] ?? LeaseSlot()
            return slot.wasNotGivenBack || slot.generation < request.given[service, default: 0]
        }
        let leases = request.services.sorted().map { service in
            let last = lastGeneration(of: service, given: request.given[service, default: 0])
            return Lease(
                id: request.id, service: service, holder: request.claim.holder,
                purpose: request.claim.purpose, since: now, expires: terms.expiry(from: now),
                generation: last + 1)
        }
        for lease in leases {
            slots[lease.service] = LeaseSlot(generation: lease.generation, lease: lease)
        }
        return .granted(leases, tookOver: tookOver)
    }

    /// Leases whose holders wrote nothing are not among those `given`: where the book was lost,
    /// the next begins well above them.
    private func lastGeneration(of service: String, given: Int) -> Int {
        let known = slots[service]?.generation ?? 0
        return known < given ? given + 1000 : known
    }

    /// Moves the end of the leases on.
    /// - Returns: those that are still held.
    package mutating func renew(_ leases: [Lease], until expires: Date) -> [Lease] {
        held(leases).map { lease in
            let renewed = lease.renewed(until: expires)
            slots[lease.service]?.lease = renewed
            return renewed
        }
    }

    /// Gives back those that are still held.
    package mutating func release(_ leases: [Lease]) {
        for lease in held(leases) { slots[lease.service]?.lease = nil }
    }

    /// Takes the leases of that id from their holder, whoever it is.
    /// - Returns: what was taken; the next claimant takes over from it.
    package mutating func unlock(_ id: String) -> [Lease] {
        let broken = leases.filter { $0.id == id }
        for lease in broken {
            slots[lease.service] = LeaseSlot(generation: lease.generation, isBroken: true)
        }
        return broken
    }

    private func held(_ leases: [Lease]) -> [Lease] {
        leases.compactMap { lease in
            slots[lease.service]?.lease.flatMap { $0.id == lease.id ? $0 : nil }
        }
    }
}

/// What a store keeps of one service's lease.
package struct LeaseSlot: Hashable, Sendable {
    /// The last generation given, also when nobody holds the lease now.
    package var generation: Int
    package var lease: Lease?
    /// The last lease was taken from its holder, who may not know yet.
    package var isBroken: Bool

    package init(generation: Int = 0, lease: Lease? = nil, isBroken: Bool = false) {
        self.generation = generation
        self.lease = lease
        self.isBroken = isBroken
    }

    fileprivate var wasNotGivenBack: Bool { lease != nil || isBroken }
}

extension Lease {
    /// The same lease with a later end.
    fileprivate func renewed(until expires: Date) -> Lease {
        Lease(
            id: id, service: service, holder: holder, purpose: purpose, since: since,
            expires: expires, generation: generation)
    }

    fileprivate func checkStart(at now: Date, location: String) throws {
        guard since.timeIntervalSince(now) > LeaseTerms.toleratedSkew else { return }
        throw StateError.wrongClock(
            location: location,
            detail: "it is \(now.timestamp) here, but \(holder) took the lock of \(service) at "
                + since.timestamp)
    }
}
