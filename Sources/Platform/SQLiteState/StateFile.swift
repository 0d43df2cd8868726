import Foundation
import GRDB
import Resources
import Synchronization

/// The database file: opens it when needed, checks whose it is, translates its errors.
///
/// It keeps SQLite's rollback journal rather than WAL. The state is then one file that people can
/// copy, also after `kill -9`; a process that dies in mid-write leaves a journal that the next
/// one rolls back. With `synchronous = EXTRA` a committed write survives a power cut as well.
final class StateFile: Sendable {
    let path: String
    private let project: String
    private let newLineage: @Sendable () -> String
    private let maximumPages: Int?
    private let connection = Mutex<Connection?>(nil)

    /// - Parameter maximumPages: what the file may grow to; only the disk limits it without.
    init(
        path: String, project: String, newLineage: @escaping @Sendable () -> String,
        maximumPages: Int? = nil
    ) {
        self.path = path
        self.maximumPages = maximumPages
        self.project = project
        self.newLineage = newLineage
    }

    /// Reads one consistent snapshot; `nil` when nothing was ever written.
    func read<Result>(_ body: (Database, Header) throws -> Result) throws -> Result? {
        try translatingErrors {
            guard try FileIdentity(path: path) != nil else { return nil }
            return try opened().read { database in
                guard try !Schema.isMissing(in: database) else { return nil }
                return try body(database, header(of: database))
            }
        }
    }

    /// Runs `body` in one transaction that no other process can write beside.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translatingErrors {
            try opened().write { database in
                _ = try header(of: database)
                return try body(database)
            }
        }
    }

    /// The whole document; an empty one with a lineage that nobody keeps when there is none.
    func document() throws -> StateDocument {
        let stored = try read { database, header in
            try StateDocument(in: database, header: header)
        }
        return stored ?? StateDocument(lineage: newLineage(), project: project)
    }

    /// Makes folder, file and tables where they are missing, and searches what is there for
    /// damage: once before a run, not at every write.
    func prepareForWriting() throws {
        try translatingErrors {
            try createFile()
            try opened().write { database in
                if try Schema.isMissing(in: database) {
                    try Schema.create(in: database)
                    try Header.insert(into: database, lineage: newLineage(), project: project)
                }
                _ = try header(of: database)
                try checkPages(of: database)
            }
        }
    }

    private func header(of database: Database) throws -> Header {
        try Header.checked(in: database, project: project, location: path)
    }

    /// Takes about a millisecond per megabyte.
    private func checkPages(of database: Database) throws {
        let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard findings == ["ok"] else {
            throw StateError.corrupt(location: path, detail: findings.joined(separator: "; "))
        }
    }

    /// The connection to the file that is at the path now: one that was deleted or replaced in
    /// the middle of a run must not swallow what is written.
    private func opened() throws -> DatabaseQueue {
        try connection.withLock { connection in
            guard let identity = try FileIdentity(path: path) else {
                throw StateError.unwritable(location: path, detail: "the file is gone")
            }
            if let connection, connection.identity == identity { return connection.queue }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            connection = Connection(queue: queue, identity: identity)
            return queue
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "state"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { [maximumPages] database in
            try database.execute(sql: "PRAGMA synchronous = EXTRA")
            if let maximumPages {
                try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)")
            }
        }
        return configuration
    }

    /// Only its owner may read the file: SQLite gives its journals the same permissions.
    private func createFile() throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        if !FileManager.default.fileExists(atPath: folder) {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            } catch {
                let detail = "its folder cannot be made: \(error.localizedDescription)"
                throw StateError.unwritable(location: path, detail: detail)
            }
        }
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StateError.unwritable(location: path, detail: String(systemError: errno))
        }
        close(descriptor)
    }

    private func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StateError(error, location: path)
        } catch let error as DamagedRow {
            throw StateError.corrupt(location: path, detail: error.description)
        }
    }
}

private struct Connection {
    let queue: DatabaseQueue
    let identity: FileIdentity
}
