import CArchive

/// RFC 1952, without a time inside: the same bytes give the same bytes.
package enum Gzip {
    package static func compress(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        let writer = try ArchiveWriter(
            "compress", formats: [archive_write_set_format_raw, archive_write_add_filter_gzip],
            options: "gzip:!timestamp,gzip:compression-level=9")
        try writer.add("data", bytes)
        return try writer.finish()
    }

    package static func decompress(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        guard bytes.starts(with: [0x1F, 0x8B]) else {
            throw ArchiveError("decompress", detail: "these bytes are not gzip's")
        }
        let reader = try ArchiveReader(
            "decompress",
            formats: [
                archive_read_support_filter_gzip, archive_read_support_format_raw,
                archive_read_support_format_empty,
            ])
        return try reader.files(in: bytes).values.first ?? []
    }
}
