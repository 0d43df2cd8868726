import CArchive

/// Reads one archive from memory.
struct ArchiveReader: ~Copyable {
    private let raw: OpaquePointer
    private let action: String
    private let formats: [(OpaquePointer) -> CInt]

    /// - Parameters:
    ///   - action: what is being done, for errors.
    ///   - formats: what the archive may be.
    init(_ action: String, formats: [(OpaquePointer) -> CInt]) throws(ArchiveError) {
        guard let raw = archive_read_new() else { throw ArchiveError(action, from: nil) }
        self.raw = raw
        self.action = action
        self.formats = formats
    }

    deinit { archive_read_free(raw) }

    /// Every regular file with its contents.
    consuming func files(in archive: [UInt8]) throws(ArchiveError) -> [String: [UInt8]] {
        for format in formats { try check(format(raw)) }
        do {
            return try archive.withUnsafeBytes { bytes in
                try check(archive_read_open_memory(raw, bytes.baseAddress, bytes.count))
                return try allFiles()
            }
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(action, detail: "\(error)")
        }
    }

    private borrowing func allFiles() throws(ArchiveError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        while true {
            var entry: OpaquePointer?
            let status = archive_read_next_header(raw, &entry)
            if status == ARCHIVE_EOF { return files }
            try check(status)
            guard archive_entry_filetype(entry) == S_IFREG else { continue }
            let name = archive_entry_pathname_utf8(entry).map { String(cString: $0) } ?? ""
            files[name] = try contents()
        }
    }

    private borrowing func contents() throws(ArchiveError) -> [UInt8] {
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = archive_read_data(raw, &piece, piece.count)
            if count == 0 { return contents }
            guard count > 0 else { throw ArchiveError(action, from: raw) }
            contents += piece[..<count]
        }
    }

    private borrowing func check(_ status: CInt) throws(ArchiveError) {
        guard status == ARCHIVE_OK else { throw ArchiveError(action, from: raw) }
    }
}
