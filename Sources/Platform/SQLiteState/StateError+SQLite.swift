import GRDB
import Resources

extension StateError {
    /// What a result code of SQLite means for the state: <https://sqlite.org/rescode.html>.
    init(_ error: DatabaseError, location: String) {
        let words = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_SCHEMA, .SQLITE_CONSTRAINT,
            .SQLITE_MISMATCH, .SQLITE_FORMAT:
            self = .corrupt(location: location, detail: words)
        case _ where error.isBusy:
            self = .unreachable(
                location: location, detail: "another process keeps the file busy (\(words))")
        default:
            self = .unwritable(location: location, detail: words)
        }
    }
}

extension DatabaseError {
    /// Another process has the file: the same may pass a moment later.
    var isBusy: Bool { resultCode == .SQLITE_BUSY || resultCode == .SQLITE_LOCKED }
}
