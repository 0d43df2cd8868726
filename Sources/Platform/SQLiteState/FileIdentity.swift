import Foundation
import Resources

/// Which file is at a path: another one at the same path differs.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64

    /// - Returns: `nil` when there is no file.
    init?(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = errno
            if reason == ENOENT || reason == ENOTDIR { return nil }
            throw StateError.unwritable(location: path, detail: String(systemError: reason))
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension String {
    /// The system's words for an `errno`.
    init(systemError code: Int32) { self.init(cString: strerror(code)) }
}
