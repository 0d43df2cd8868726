import Foundation
import GRDB
import Resources

/// The tables in which Launch kept the state before it had a journal, within one transaction:
/// they are read, closed to older programs, and dropped.
///
/// `header` has one row; the others have a JSON document with a checksum by key.
struct LegacyTables {
    static let names: Set = ["header", "history", "services", "resources", "intents", "leases"]
    /// Older programs write `format_version` 1 and refuse a higher one.
    private static let closedVersion = 2

    let database: Database
    let location: String

    /// - Returns: `nil` when the tables are not there.
    func document() throws -> StateDocument? {
        guard try exist else { return nil }
        var document = try header()
        for (name, state) in try rows("services", as: ServiceState.self) {
            document.services[name] = state
        }
        for (_, resource) in try rows("resources", as: RecordedResource.self, order: "key") {
            document.services[resource.address.service, default: ServiceState()]
                .resources.append(resource)
        }
        document.intents = try rows("intents", as: Intent.self).map(\.document)
        return document
    }

    /// Locks older programs out: to them the state is of a newer Launch from now on, so nobody
    /// writes to the tables after they were read.
    /// - Throws: `StateError.locked` while one of them holds a lease.
    func close(at now: Date) throws {
        _ = try header()
        let held = try rows("leases", as: LeaseSlot.self, order: "key")
            .compactMap(\.document.lease).first { $0.expires > now }
        if let held { throw StateError.locked(held) }
        try database.execute(
            sql: "UPDATE header SET format_version = ?", arguments: [Self.closedVersion])
    }

    func drop() throws {
        for name in Self.names.sorted() {
            try database.execute(sql: "DROP TABLE IF EXISTS \(name)")
        }
    }

    private var exist: Bool {
        get throws {
            try Bool.fetchOne(
                database, sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                arguments: ["header"]) ?? false
        }
    }

    /// A document of what the header says.
    private func header() throws -> StateDocument {
        let row = try Row.fetchOne(
            database, sql: "SELECT format_version, lineage, serial, project FROM header")
        guard let row, let version = Int.fromDatabaseValue(row["format_version"]),
            let lineage = String.fromDatabaseValue(row["lineage"]),
            let serial = Int.fromDatabaseValue(row["serial"]),
            let project = String.fromDatabaseValue(row["project"])
        else { throw StateError.corrupt(location: location, detail: "its header is damaged") }
        guard version <= Self.closedVersion else {
            throw StateError.newerFormat(
                location: location, found: version, supported: Self.closedVersion)
        }
        return StateDocument(lineage: lineage, serial: serial, project: project)
    }

    private func rows<Document: JSONCodable>(
        _ table: String, as type: Document.Type, order: String = "position"
    ) throws -> [(key: String, document: Document)] {
        try Row.fetchAll(
            database, sql: "SELECT key, document, checksum FROM \(table) ORDER BY \(order)"
        ).map { row in
            guard let key = String.fromDatabaseValue(row["key"]),
                let text = String.fromDatabaseValue(row["document"]),
                let checksum = Int64.fromDatabaseValue(row["checksum"])
            else { throw damage(table, "?", "has the wrong type") }
            guard checksum == LegacyChecksum.of(key, text) else {
                throw damage(table, key, "does not match its checksum")
            }
            do {
                return (key, try StateCoding.read(type, from: Array(text.utf8)))
            } catch let mismatch as JSONMismatch {
                throw damage(table, key, "is not what it should be: \(mismatch)")
            }
        }
    }

    private func damage(_ table: String, _ key: String, _ what: String) -> StateError {
        .corrupt(location: location, detail: "the row \"\(key)\" of table \(table) \(what)")
    }
}
