package import Resources

import Foundation

/// The state in an SQLite file: the embedded store, for one machine or a shared folder.
package final class SQLiteStateStore: StateStore {
    private let file: StateFile
    private let terms: LeaseTerms
    private let time: any TimeSource
    private let random: any RandomSource
    private let whenWaiting: @Sendable (Lease) -> Void

    /// Opens nothing yet: a missing file is made by the first run that asks for a lease.
    /// - Parameter whenWaiting: told once of each lease that a run waits for.
    package init(
        path: String, project: String, terms: LeaseTerms, time: any TimeSource,
        random: any RandomSource, whenWaiting: @escaping @Sendable (Lease) -> Void = { _ in }
    ) {
        file = StateFile(path: path, project: project, newLineage: { random.hexadecimal(32) })
        self.terms = terms
        self.time = time
        self.random = random
        self.whenWaiting = whenWaiting
    }

    package func read() async throws -> StateDocument { try file.document() }

    package func leases() async throws -> [Lease] {
        try file.read { database, _ in
            try Tables.leases.all(in: database, order: "key").compactMap(\.lease)
        } ?? []
    }

    package func exclusively<Result: Sendable>(
        _ services: Set<String>, claim: LeaseClaim,
        _ body: (any StateWriter) async throws -> Result
    ) async throws -> Result {
        try file.prepareForWriting()
        let table = SQLiteLeaseTable(file: file, terms: terms, time: time)
        let keeper = LeaseKeeper(
            table, terms: terms, time: time, random: random, whenWaiting: whenWaiting)
        return try await keeper.holding(services, claim) { held in
            try await body(SQLiteStateWriter(file: file, held: held, time: time))
        }
    }

    /// The latest writes, newest first; older ones than the last thousand are dropped.
    package func history(limit: Int) async throws -> [HistoryEntry] {
        try file.read { database, _ in try HistoryEntry.latest(limit, in: database) } ?? []
    }
}
