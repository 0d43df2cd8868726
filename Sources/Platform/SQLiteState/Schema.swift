import GRDB
import Resources

/// The tables, at `StateDocument.currentFormat`.
enum Schema {
    /// True for a file without any table: one that was made and never written.
    static func isMissing(in database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE header (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    format_version INTEGER NOT NULL,
                    lineage TEXT NOT NULL,
                    serial INTEGER NOT NULL,
                    project TEXT NOT NULL
                ) STRICT;
                CREATE TABLE history (
                    serial INTEGER PRIMARY KEY,
                    at TEXT NOT NULL,
                    who TEXT NOT NULL,
                    what TEXT NOT NULL
                ) STRICT;
                """)
        for name in Tables.names {
            try database.execute(
                sql: """
                    CREATE TABLE \(name) (
                        position INTEGER PRIMARY KEY,
                        key TEXT NOT NULL UNIQUE,
                        service TEXT NOT NULL,
                        document TEXT NOT NULL,
                        checksum INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX \(name)_by_service ON \(name) (service);
                    """)
        }
    }
}

/// The one row that says what the file is.
struct Header {
    let lineage: String
    let serial: Int
    let project: String

    static func insert(into database: Database, lineage: String, project: String) throws {
        try database.execute(
            sql: "INSERT INTO header VALUES (1, ?, ?, 0, ?)",
            arguments: [StateDocument.currentFormat, lineage, project])
    }

    /// The header, if this program and this project may use the file.
    static func checked(
        in database: Database, project: String, location: String
    ) throws -> Header {
        guard try database.tableExists("header") else {
            throw StateError.corrupt(location: location, detail: "it is no database of Launch")
        }
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM header"),
            let format = Int.fromDatabaseValue(row["format_version"]),
            let lineage = String.fromDatabaseValue(row["lineage"]),
            let serial = Int.fromDatabaseValue(row["serial"]),
            let owner = String.fromDatabaseValue(row["project"])
        else { throw StateError.corrupt(location: location, detail: "its header is damaged") }
        guard format <= StateDocument.currentFormat else {
            throw StateError.newerFormat(
                location: location, found: format, supported: StateDocument.currentFormat)
        }
        guard owner == project else {
            throw StateError.otherProject(location: location, found: owner, expected: project)
        }
        return Header(lineage: lineage, serial: serial, project: owner)
    }

    /// Counts one write.
    /// - Returns: the new serial.
    static func advance(in database: Database) throws -> Int {
        let serial = try Int.fetchOne(
            database, sql: "UPDATE header SET serial = serial + 1 RETURNING serial")
        guard let serial else { throw DamagedRow(table: "header", key: "1", detail: "is missing") }
        return serial
    }
}
