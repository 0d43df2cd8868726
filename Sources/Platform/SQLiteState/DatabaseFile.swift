import Foundation
import GRDB
import Resources
import Synchronization

/// The database file: opens it when needed, and stays with the file that it opened.
///
/// It keeps SQLite's rollback journal rather than WAL. The state is then one file that people can
/// copy, also after `kill -9`; a process that dies in mid-write leaves a journal that the next
/// one rolls back. With `synchronous = EXTRA` a committed write survives a power cut as well.
///
/// Errors of SQLite pass through as `DatabaseError`.
final class DatabaseFile: Sendable {
    let path: String
    private let maximumPages: Int?
    private let connection = Mutex<Connection?>(nil)

    /// - Parameter maximumPages: what the file may grow to; only the disk limits it without.
    init(path: String, maximumPages: Int? = nil) {
        self.path = path
        self.maximumPages = maximumPages
    }

    /// Reads one consistent snapshot.
    /// - Returns: `nil` when there is no file.
    func read<Result>(_ body: (Database, DatabaseForm) throws -> Result) throws -> Result? {
        try opened()?.read { try body($0, DatabaseForm(of: $0, location: path)) }
    }

    /// Runs `body` in one transaction that no other process can write beside.
    /// - Parameter creating: whether a missing file is made, with its folder.
    /// - Returns: `nil` when there is no file.
    func write<Result>(
        creating: Bool = false, _ body: (Database, DatabaseForm) throws -> Result
    ) throws -> Result? {
        try opened(creating: creating)?.write {
            try body($0, DatabaseForm(of: $0, location: path))
        }
    }

    /// The connection. A file that was deleted or replaced in the middle of a run must not
    /// swallow what is written, nor may an older copy pass for what was read.
    private func opened(creating: Bool = false) throws -> DatabaseQueue? {
        try connection.withLock { connection in
            let found = try FileIdentity(path: path)
            if let connection {
                guard connection.identity == found else { throw disturbance(found) }
                return connection.queue
            }
            if found == nil, creating { try createFile() }
            guard let identity = try found ?? FileIdentity(path: path) else { return nil }
            let queue = try searched()
            connection = Connection(queue: queue, identity: identity)
            return queue
        }
    }

    /// A new connection to a file that was found sound.
    private func searched() throws -> DatabaseQueue {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read(search)
            return queue
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            // Nothing is asked yet that a sound database could not answer.
            throw StateError.corrupt(location: path, detail: error.message ?? "\(error)")
        }
    }

    private func disturbance(_ found: FileIdentity?) -> StateError {
        .inaccessible(
            location: path,
            detail: "the file was \(found == nil ? "deleted" : "replaced") during the run",
            remedy: "Put the right file there, then run it again.")
    }

    /// Looks for damage once, before anything is believed: a key that a flipped bit hides would
    /// otherwise pass for an object that is not there. Takes about a millisecond per megabyte.
    private func search(_ database: Database) throws {
        _ = try DatabaseForm(of: database, location: path)
        // Unlike `quick_check` it also compares the index of keys with the rows.
        let findings = try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
        guard findings == ["ok"] else {
            throw StateError.corrupt(location: path, detail: findings.joined(separator: "; "))
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "state"
        configuration.busyMode = .timeout(0.05)
        configuration.prepareDatabase { [maximumPages] database in
            try database.execute(sql: "PRAGMA synchronous = EXTRA")
            // Nothing that was deleted can be read from the file's free pages, such as what was
            // there before encryption was turned on.
            try database.execute(sql: "PRAGMA secure_delete = ON")
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
}

private struct Connection {
    let queue: DatabaseQueue
    let identity: FileIdentity
}
