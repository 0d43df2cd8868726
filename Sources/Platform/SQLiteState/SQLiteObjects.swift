package import Journal
package import Resources

import Foundation
import GRDB

/// Objects in one SQLite file: the embedded store, for one machine or a shared folder.
///
/// A call does its work on the caller's thread. It waits there for other processes only for a
/// moment; after that it sleeps between attempts, so that no thread of the program is held up.
package struct SQLiteObjects: ObjectStorage {
    private let file: DatabaseFile
    private let time: any TimeSource
    private let random: any RandomSource

    package var location: String { file.path }

    /// Opens nothing yet: the first `put` makes folder, file and table where they are missing.
    package init(path: String, time: any TimeSource, random: any RandomSource) {
        self.init(DatabaseFile(path: path), time: time, random: random)
    }

    init(_ file: DatabaseFile, time: any TimeSource, random: any RandomSource) {
        self.file = file
        self.time = time
        self.random = random
    }

    package func get(_ key: String) async throws -> StoredObject? {
        try await read(orElse: nil) { try $0.object(key) }
    }

    /// While a Launch that only knows the legacy tables holds a lease in them, it is refused.
    /// - Throws: `StateError.locked` then.
    package func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        let written = try await patiently {
            try file.write(creating: true) { database, form in
                try prepare(database, form)
                return try ObjectTable(database: database).put(key, bytes, if: condition)
            }
        }
        // No file: somebody took it away in this moment.
        return written ?? .refused
    }

    package func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
        try await read(orElse: []) { try $0.list(prefix, after: after) }
    }

    package func delete(_ key: String) async throws { try await delete([key]) }

    /// Removes all of `keys` in one transaction: a thousand cost little more than one.
    package func delete(_ keys: [String]) async throws {
        try await patiently {
            _ = try file.write { database, form in
                guard form == .objects else { return }
                try ObjectTable(database: database).delete(keys)
            }
        }
    }

    /// What the tables of a Launch before the journal say; `nil` when there are none.
    ///
    /// It stays readable until `retireLegacy`, also where a migration was cut off. Ask for it
    /// before the objects that replace it: if it is gone by then, they are there.
    /// - Throws: `StateError.corrupt` for damaged rows.
    package func legacyDocument() async throws -> StateDocument? {
        try await patiently {
            try file.read { database, _ in
                try LegacyTables(database: database, location: location).document()
            } ?? nil
        }
    }

    /// Drops the tables of a Launch before the journal, in one transaction. The objects that
    /// replace them must be written by then: it does nothing where no object was ever put.
    ///
    /// A crash before it is harmless. The first `put` has locked older programs out for good, so
    /// the tables say no more than the objects, and the next run drops them.
    package func retireLegacy() async throws {
        try await patiently {
            _ = try file.write { database, form in
                guard form == .objects else { return }
                try LegacyTables(database: database, location: location).drop()
            }
        }
    }

    private func prepare(_ database: Database, _ form: DatabaseForm) throws {
        switch form {
        case .objects: return
        case .legacy:
            try LegacyTables(database: database, location: location).close(at: time.now())
        case .empty: break
        }
        try ObjectTable(database: database).create()
    }

    private func read<Result>(
        orElse nothing: Result, _ body: (ObjectTable) throws -> Result
    ) async throws -> Result {
        try await patiently {
            try file.read { database, form in
                form == .objects ? try body(ObjectTable(database: database)) : nothing
            } ?? nothing
        }
    }

    /// Repeats `step`, one whole transaction, while another process keeps the file busy: for half
    /// a minute, with growing pauses of random length so that those who wait do not meet again.
    private func patiently<Result>(_ step: () throws -> Result) async throws -> Result {
        let deadline = time.now().addingTimeInterval(30)
        var pause = 0.01
        while true {
            do {
                return try step()
            } catch let error as DatabaseError where error.isBusy && time.now() < deadline {
                try await time.sleep(for: .seconds(pause * (0.5 + random.fraction())))
                pause = min(pause * 2, 1)
            } catch let error as DatabaseError {
                throw StateError(error, location: location)
            }
        }
    }
}

extension SQLiteObjects: EarlierForm {
    package func document() async throws -> StateDocument? { try await legacyDocument() }
    package func retire() async throws { try await retireLegacy() }
}
