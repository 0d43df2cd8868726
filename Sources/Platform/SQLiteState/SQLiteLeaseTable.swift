import Foundation
import Resources

/// Leases as rows; each step is one transaction.
struct SQLiteLeaseTable: LeaseTable {
    let file: StateFile
    let terms: LeaseTerms
    let time: any TimeSource
    let random: any RandomSource

    func claim(_ services: Set<String>, _ claim: LeaseClaim) async throws -> LeaseDecision {
        try file.write { database in
            var slots: [String: LeaseSlot] = [:]
            for service in services {
                slots[service] = try Tables.leases.all(in: database, of: service).first
            }
            let decision = terms.decide(
                claim, on: services, slots: slots, at: time.now(),
                newID: { random.hexadecimal(16) })
            guard case .granted(let leases) = decision else { return decision }
            for lease in leases {
                try Tables.leases.put(
                    LeaseSlot(generation: lease.generation, lease: lease), key: lease.service,
                    service: lease.service, in: database)
            }
            return decision
        }
    }

    func renew(_ leases: [Lease]) async throws -> [Lease] {
        try change(leases) { $0.renewed(until: terms.expiry(from: time.now())) }
    }

    func release(_ leases: [Lease]) async throws {
        _ = try change(leases) { _ in nil }
    }

    /// Changes those of `leases` that are still held.
    /// - Returns: what they became.
    private func change(
        _ leases: [Lease], _ change: (Lease) -> Lease?
    ) throws -> [Lease] {
        try file.write { database in
            var changed: [Lease] = []
            for lease in leases {
                let slot = try Tables.leases.all(in: database, of: lease.service).first
                guard var slot, let held = slot.lease, held.id == lease.id else { continue }
                slot.lease = change(held)
                try Tables.leases.put(
                    slot, key: lease.service, service: lease.service, in: database)
                if let lease = slot.lease { changed.append(lease) }
            }
            return changed
        }
    }
}
