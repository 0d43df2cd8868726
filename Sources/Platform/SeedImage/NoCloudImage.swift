import CArchive

/// The disc that cloud-init's NoCloud source reads: an ISO 9660 image labelled `cidata`.
///
/// <https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html>
package enum NoCloudImage {
    /// An image with these files at its top, by Rock Ridge and Joliet under their own names.
    ///
    /// The same files give the same bytes, at any time and in any time zone.
    package static func build(files: [String: [UInt8]]) throws(ArchiveError) -> [UInt8] {
        let action = "build the seed image"
        let writer = try ArchiveWriter(
            action, formats: [archive_write_set_format_iso9660],
            options: "iso9660:volume-id=cidata,iso9660:joliet,iso9660:rockridge,iso9660:!pad")
        for (name, contents) in files.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
                throw ArchiveError(action, detail: "\"\(name)\" is not a file's name")
            }
            try writer.add(name, contents)
        }
        var image = DiscImage(try writer.finish())
        image.eraseDates()
        return image.bytes
    }

    /// The files of such an image.
    package static func read(_ image: [UInt8]) throws(ArchiveError) -> [String: [UInt8]] {
        try ArchiveReader(
            "read the seed image", formats: [archive_read_support_format_iso9660]
        ).files(in: image)
    }
}
