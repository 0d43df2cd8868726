import GRDB
import Resources

/// A table of JSON documents by key. A checksum seals each: a flipped bit is noticed even where
/// the JSON stays readable.
struct DocumentTable<Document: JSONCodable>: Sendable {
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
        let filter = service == nil ? "" : "WHERE service = ?"
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT key, document, checksum FROM \(name) \(filter) ORDER BY \(order)",
            arguments: StatementArguments([service].compactMap { $0 }))
        var entries: [(key: String, document: Document)] = []
        while let row = try rows.next() { entries.append(try entry(in: row)) }
        return entries
    }

    private func entry(in row: Row) throws -> (key: String, document: Document) {
        guard let key = String.fromDatabaseValue(row["key"]),
            let text = String.fromDatabaseValue(row["document"]),
            let checksum = Int64.fromDatabaseValue(row["checksum"])
        else { throw DamagedRow(table: name, key: "?", detail: "has the wrong type") }
        guard checksum == Checksum.of(key, text) else {
            throw DamagedRow(table: name, key: key, detail: "does not match its checksum")
        }
        do {
            return (key, try StateCoding.read(from: Array(text.utf8)))
        } catch {
            throw DamagedRow(table: name, key: key, detail: "is not what it should be: \(error)")
        }
    }

    func put(_ document: Document, key: String, service: String, in database: Database) throws {
        let text = String(decoding: try StateCoding.bytes(of: document), as: UTF8.self)
        try database.execute(
            sql: """
                INSERT INTO \(name) (key, service, document, checksum) VALUES (?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE
                SET document = excluded.document, checksum = excluded.checksum
                """,
            arguments: [key, service, text, Checksum.of(key, text)])
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

/// FNV-1a with 64 bits (RFC 9923): finds accidents, not forgeries.
enum Checksum {
    static func of(_ key: String, _ text: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ bytes: String.UTF8View) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        take(key.utf8)
        take("\n".utf8)
        take(text.utf8)
        return Int64(bitPattern: hash)
    }
}
