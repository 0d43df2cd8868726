import CArchive

/// Writes one archive into memory.
final class ArchiveWriter {
    private let raw: OpaquePointer
    private let action: String
    private var output: [UInt8] = []

    /// - Parameters:
    ///   - action: what is being done, for errors.
    ///   - options: in libarchive's form, `module:name=value`.
    init(
        _ action: String, formats: [(OpaquePointer) -> CInt], options: String
    ) throws(ArchiveError) {
        guard let raw = archive_write_new() else { throw ArchiveError(action, from: nil) }
        self.raw = raw
        self.action = action
        for format in formats { try check(format(raw)) }
        try check(archive_write_set_options(raw, options))
        try check(archive_write_set_bytes_in_last_block(raw, 1))
        let this = Unmanaged.passUnretained(self).toOpaque()
        try check(
            archive_write_open2(
                raw, this, nil,
                { _, this, bytes, count in
                    guard let this, let bytes else { return -1 }
                    let writer = Unmanaged<ArchiveWriter>.fromOpaque(this).takeUnretainedValue()
                    writer.output += UnsafeRawBufferPointer(start: bytes, count: count)
                    return count
                }, nil, nil))
    }

    deinit { archive_write_free(raw) }

    /// Adds a file that everybody may read.
    func add(_ name: String, _ contents: [UInt8]) throws(ArchiveError) {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname_utf8(entry, name)
        archive_entry_set_filetype(entry, UInt32(S_IFREG))
        archive_entry_set_perm(entry, 0o444)
        archive_entry_set_size(entry, Int64(contents.count))
        try check(archive_write_header(raw, entry))
        var sent = 0
        while sent < contents.count {
            let count = contents.withUnsafeBytes {
                archive_write_data(raw, $0.baseAddress?.advanced(by: sent), $0.count - sent)
            }
            guard count > 0 else { throw ArchiveError(action, from: raw) }
            sent += count
        }
    }

    /// Ends the archive; nothing can be added any more.
    func finish() throws(ArchiveError) -> [UInt8] {
        try check(archive_write_close(raw))
        return output
    }

    private func check(_ status: CInt) throws(ArchiveError) {
        guard status == ARCHIVE_OK else { throw ArchiveError(action, from: raw) }
    }
}
