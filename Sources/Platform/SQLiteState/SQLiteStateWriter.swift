import Foundation
import Resources

/// Writes under leases: each write is one transaction that first proves them.
struct SQLiteStateWriter: SliceWriter {
    let file: StateFile
    let held: HeldLeases
    let time: any TimeSource

    func document() async throws -> StateDocument { try file.document() }

    func proveLease(of service: String) throws { try held.proof.check(service) }

    func edit(
        _ service: String, _ summary: String, _ change: @Sendable (inout ServiceSlice) -> Void
    ) async throws {
        try proveLease(of: service)
        try file.write { database in
            let stored = try Tables.leases.all(in: database, of: service).first?.lease
            guard let stored, held.leases.contains(where: { $0.id == stored.id }) else {
                throw StateError.leaseLost(service: service)
            }
            let old = try ServiceSlice(of: service, in: database)
            var new = old
            change(&new)
            guard new != old else { return }
            try new.save(insteadOf: old, in: database)
            let entry = HistoryEntry(
                serial: try Header.advance(in: database), at: time.now(),
                who: stored.holder.description, what: summary)
            try entry.insert(into: database)
        }
    }
}
