import GRDB
import Resources

extension StateError {
    /// What a result code of SQLite means for the state: <https://sqlite.org/rescode.html>.
    init(_ error: DatabaseError, location: String) {
        let words = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_CONSTRAINT,
            .SQLITE_MISMATCH, .SQLITE_FORMAT:
            self = .corrupt(location: location, detail: words)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .unwritable(
                location: location, detail: "another process keeps the file busy (\(words))")
        default:
            self = .unwritable(location: location, detail: words)
        }
    }
}
