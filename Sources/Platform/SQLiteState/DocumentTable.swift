import Foundation
import GRDB
import Resources

/// A table of JSON documents by key. A checksum seals each: a flipped bit is noticed even where
/// the JSON stays readable.
struct DocumentTable<Document: Codable>: Sendable {
    let name: String

    /// The documents of one service, or of all, in the order of `order`.
    func all(
        in database: Database, of service: String? = nil, order: String = "position"
    ) throws -> [Document] {
        try entries(in: database, of: service, order: order).map(\.document)
    }

    func entries(
        in database: Database, of service: String? = nil, order: String = "position"
    ) throws -> [(key: String, document: Document)] {
        let decoder = StateCoding.decoder()
        let filter = service == nil ? "" : "WHERE service = ?"
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT key, document, checksum FROM \(name) \(filter) ORDER BY \(order)",
            arguments: StatementArguments([service].compactMap { $0 }))
        var entries: [(key: String, document: Document)] = []
        while let row = try rows.next() { entries.append(try entry(in: row, decoder)) }
        return entries
    }

    private func entry(
        in row: Row, _ decoder: JSONDecoder
    ) throws -> (key: String, document: Document) {
        guard let key = String.fromDatabaseValue(row["key"]),
            let text = String.fromDatabaseValue(row["document"]),
            let checksum = Int64.fromDatabaseValue(row["checksum"])
        else { throw DamagedRow(table: name, key: "?", detail: "has the wrong type") }
        guard checksum == LegacyChecksum.of(key, text) else {
            throw DamagedRow(table: name, key: key, detail: "does not match its checksum")
        }
        do {
            return (key, try decoder.decode(Document.self, from: Data(text.utf8)))
        } catch {
            throw DamagedRow(table: name, key: key, detail: "is not what it should be: \(error)")
        }
    }

    func put(_ document: Document, key: String, service: String, in database: Database) throws {
        let data = try StateCoding.encoder().encode(document)
        let text = String(decoding: data, as: UTF8.self)
        try database.execute(
            sql: """
                INSERT INTO \(name) (key, service, document, checksum) VALUES (?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE
                SET document = excluded.document, checksum = excluded.checksum
                """,
            arguments: [key, service, text, LegacyChecksum.of(key, text)])
    }

    func remove(_ key: String, from database: Database) throws {
        try database.execute(sql: "DELETE FROM \(name) WHERE key = ?", arguments: [key])
    }
}

/// The tables of documents.
enum Tables {
    /// Services without their resources, which have rows of their own.
    static let services = DocumentTable<ServiceState>(name: "services")
    static let resources = DocumentTable<RecordedResource>(name: "resources")
    static let intents = DocumentTable<Intent>(name: "intents")
    static let leases = DocumentTable<LeaseSlot>(name: "leases")

    static let names = [services.name, resources.name, intents.name, leases.name]
}

/// A row that cannot be trusted.
struct DamagedRow: Error, CustomStringConvertible {
    let table: String
    let key: String
    let detail: String

    var description: String { "the row \"\(key)\" of table \(table) \(detail)" }
}
