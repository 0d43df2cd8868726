import CArchive

/// Bytes as a gzip file, the same for the same bytes.
package enum GzipStream {
    /// - Throws: `ArchiveError`
    package static func compress(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        let writer = try ArchiveWriter(
            "compress the user data",
            formats: [archive_write_set_format_raw, archive_write_add_filter_gzip],
            options: "gzip:compression-level=9,gzip:!timestamp")
        try writer.add("data", bytes)
        return try writer.finish()
    }
}
