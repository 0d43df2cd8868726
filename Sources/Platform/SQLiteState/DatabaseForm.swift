import GRDB
import Resources

/// What a database file holds.
enum DatabaseForm {
    /// Nothing yet: it was made and never written.
    case empty
    /// The tables of a Launch before the journal, and no objects.
    case legacy
    /// Objects; beside them perhaps legacy tables that wait to be dropped.
    case objects

    /// `Lnch`: how `file` and other programs tell the database from those of others.
    static let applicationID = 0x4C6E_6368
    /// Grows when older programs could not read the table any more.
    static let version = 1

    /// - Throws: `StateError.corrupt` for a database of something else, `.newerFormat`.
    init(of database: Database, location: String) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id")
        let tables = try Set(
            String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'"))
        switch id {
        case Self.applicationID:
            try Self.checkVersion(of: database, location: location)
            guard tables.contains(ObjectTable.name) else {
                throw StateError.corrupt(location: location, detail: "its table is missing")
            }
            self = .objects
        case 0 where tables.isEmpty: self = .empty
        case 0 where tables.isSuperset(of: LegacyTables.names): self = .legacy
        default:
            throw StateError.corrupt(location: location, detail: "it is no database of Launch")
        }
    }

    private static func checkVersion(of database: Database, location: String) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw StateError.newerFormat(location: location, found: found, supported: version)
        }
    }
}
