import Foundation
import GRDB
import Journal
import Resources

/// The table of objects, within one transaction.
///
/// Space that replaced and deleted objects leave is used again by later ones, so the file grows
/// to what was once kept at the same time and no further.
struct ObjectTable {
    static let name = "objects"

    let database: Database

    /// A tag is random, so no version ever has that of another: not after the key was deleted and
    /// written again, and not after the file was replaced by an older copy.
    func create() throws {
        try database.execute(
            sql: """
                CREATE TABLE objects (
                    key TEXT NOT NULL PRIMARY KEY,
                    tag TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
                    bytes BLOB NOT NULL
                ) STRICT;
                PRAGMA application_id = \(DatabaseForm.applicationID);
                PRAGMA user_version = \(DatabaseForm.version);
                """)
    }

    func object(_ key: String) throws -> StoredObject? {
        let row = try Row.fetchOne(
            database, sql: "SELECT bytes, tag FROM objects WHERE key = ?", arguments: [key])
        guard let row else { return nil }
        guard let bytes = Data.fromDatabaseValue(row["bytes"]),
            let tag = String.fromDatabaseValue(row["tag"])
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return StoredObject(bytes: [UInt8](bytes), tag: tag)
    }

    func put(_ key: String, _ bytes: [UInt8], if condition: WriteCondition) throws -> WriteResult {
        let tag =
            switch condition {
            case .absent: try insert(key, Data(bytes))
            case .tag(let tag): try update(key, Data(bytes), from: tag)
            }
        return tag.map(WriteResult.written) ?? .refused
    }

    private func insert(_ key: String, _ bytes: Data) throws -> String? {
        try String.fetchOne(
            database,
            sql: """
                INSERT INTO objects (key, bytes) VALUES (?, ?)
                ON CONFLICT (key) DO NOTHING RETURNING tag
                """,
            arguments: [key, bytes])
    }

    private func update(_ key: String, _ bytes: Data, from tag: String) throws -> String? {
        try String.fetchOne(
            database,
            sql: """
                UPDATE objects SET tag = lower(hex(randomblob(16))), bytes = ?
                WHERE key = ? AND tag = ? RETURNING tag
                """,
            arguments: [bytes, key, tag])
    }

    /// Text is compared byte by byte in SQLite.
    func list(_ prefix: String, after: String?) throws -> [ListedObject] {
        let after = after ?? ""
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT key, length(bytes) AS size FROM objects
                WHERE key >= max(?1, ?2) AND key <> ?2 ORDER BY key
                """,
            arguments: [prefix, after])
        var objects: [ListedObject] = []
        while let row = try rows.next() {
            guard let key = String.fromDatabaseValue(row["key"]),
                let size = Int.fromDatabaseValue(row["size"])
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            guard key.utf8.starts(with: prefix.utf8) else { break }
            objects.append(ListedObject(key: key, size: size))
        }
        return objects
    }

    func delete(_ keys: [String]) throws {
        let statement = try database.makeStatement(sql: "DELETE FROM objects WHERE key = ?")
        for key in keys { try statement.execute(arguments: [key]) }
    }
}
