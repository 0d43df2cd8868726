import CArchive

/// What libarchive could not do.
package struct ArchiveError: Error, Hashable, Sendable {
    /// Follows "could not": "read the image".
    package let action: String
    /// libarchive's own words, or what is wrong with what it was given.
    package let detail: String

    init(_ action: String, detail: String) {
        self.action = action
        self.detail = detail
    }

    init(_ action: String, from archive: OpaquePointer?) {
        let words = archive.flatMap(archive_error_string).map { String(cString: $0) }
        self.init(action, detail: words ?? "out of memory")
    }
}

extension ArchiveError: CustomStringConvertible {
    package var description: String { "could not \(action): \(detail)" }
}
