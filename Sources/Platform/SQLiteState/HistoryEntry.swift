package import Foundation
import GRDB
import Resources

/// One write to the state: who, when, what.
package struct HistoryEntry: Hashable, Sendable {
    /// How many are kept.
    static let retention = 1000

    package let serial: Int
    package let at: Date
    package let who: String
    package let what: String

    package init(serial: Int, at: Date, who: String, what: String) {
        self.serial = serial
        self.at = at
        self.who = who
        self.what = what
    }

    func insert(into database: Database) throws {
        try database.execute(
            sql: "INSERT INTO history VALUES (?, ?, ?, ?)",
            arguments: [serial, at.timestamp, who, what])
        try database.execute(
            sql: "DELETE FROM history WHERE serial <= ?", arguments: [serial - Self.retention])
    }

    static func latest(_ limit: Int, in database: Database) throws -> [HistoryEntry] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM history ORDER BY serial DESC LIMIT ?",
            arguments: [limit]
        ).map { row in
            guard let serial = Int.fromDatabaseValue(row["serial"]),
                let time = String.fromDatabaseValue(row["at"]), let at = Date(timestamp: time),
                let who = String.fromDatabaseValue(row["who"]),
                let what = String.fromDatabaseValue(row["what"])
            else { throw DamagedRow(table: "history", key: "?", detail: "has the wrong type") }
            return HistoryEntry(serial: serial, at: at, who: who, what: what)
        }
    }
}
