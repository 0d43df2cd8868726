import Foundation
import Resources

/// Which file is at a path: another one at the same path differs.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64

    /// - Returns: `nil` when there is nothing.
    /// - Throws: `StateError` for what is no file, or is not to be reached or read.
    init?(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Self.noAccess(path, reason: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StateError.corrupt(location: path, detail: "it is not a file")
        }
        guard access(path, R_OK) == 0 else { throw Self.noAccess(path, reason: errno) }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    private static func noAccess(_ path: String, reason: Int32) -> StateError {
        .inaccessible(
            location: path, detail: String(systemError: reason),
            remedy: "Grant this user access to the file and its folder, then run it again.")
    }
}

extension String {
    /// The system's words for an `errno`.
    init(systemError code: Int32) { self.init(cString: strerror(code)) }
}
