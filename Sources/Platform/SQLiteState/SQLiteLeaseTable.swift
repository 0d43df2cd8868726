import Foundation
import Resources

/// Leases as rows; each step is one transaction.
struct SQLiteLeaseTable: LeaseTable {
    let file: StateFile
    let terms: LeaseTerms
    let time: any TimeSource

    func claim(_ request: LeaseRequest) async throws -> LeaseDecision {
        try edit { book in
            try book.claim(request, under: terms, at: time.now(), location: file.path)
        }
    }

    func renew(_ leases: [Lease]) async throws -> [Lease] {
        try edit { $0.renew(leases, until: terms.expiry(from: time.now())) }
    }

    func release(_ leases: [Lease]) async throws { try edit { $0.release(leases) } }

    func unlock(_ id: String) async throws -> [Lease] { try edit { $0.unlock(id) } }

    private func edit<Result>(_ change: (inout LeaseBook) throws -> Result) throws -> Result {
        try file.write { database in
            let rows = try Tables.leases.entries(in: database)
            let old = LeaseBook(
                slots: Dictionary(rows.map { ($0.key, $0.document) }) { _, last in last })
            var new = old
            let result = try change(&new)
            for (service, slot) in new.slots where slot != old.slots[service] {
                try Tables.leases.put(slot, key: service, service: service, in: database)
            }
            return result
        }
    }
}
