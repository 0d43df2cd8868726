package import Foundation

/// Schemas and test vectors that lie beside the package, in `../shared/api`, where they do.
package enum SharedData {
    /// The file of that name; `nil` when it is not there.
    ///
    /// - Parameter source: a source file of the package, from which its root is found.
    package static func file(_ name: String, from source: String = #filePath) -> URL? {
        var folder = URL(filePath: source).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            guard folder.path != "/" else { return nil }
            folder.deleteLastPathComponent()
        }
        let file = folder.deletingLastPathComponent().appending(path: "shared/api/\(name)")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
}
