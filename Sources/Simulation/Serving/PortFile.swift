import Foundation

/// A file of `export NAME='value'` lines that only its owner can read.
struct PortFile {
    let path: String

    /// Writes all variables at once: a reader sees the whole file or none.
    /// - Throws: `CocoaError` or `POSIXError` when the folder cannot be written.
    func write(_ environment: [String: String]) throws {
        let lines = environment.sorted { $0.key < $1.key }.map { name, value in
            "export \(name)='\(value.replacingOccurrences(of: "'", with: "'\\''"))'\n"
        }
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw Self.failure }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(lines.joined().utf8))
        try file.close()
        guard rename(draft, path) == 0 else { throw Self.failure }
    }

    func remove() { unlink(path) }

    private static var failure: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
