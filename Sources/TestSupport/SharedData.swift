package import Foundation

/// Schemas and test vectors that lie beside the package, in `../shared/api`, where they do.
package enum SharedData {
    /// The file of that name; `nil` when it is not there.
    package static func file(_ name: String) -> URL? {
        let file = URL(filePath: PackageFiles.root).deletingLastPathComponent()
            .appending(path: "shared/api/\(name)")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
}
