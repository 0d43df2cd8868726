import Foundation

/// The folder of Package.swift, for tests that read the repository's own files.
package let packageRoot: String = {
    var folder = URL(fileURLWithPath: #filePath)
    repeat {
        folder.deleteLastPathComponent()
    } while folder.path != "/"
        && !FileManager.default.fileExists(
            atPath: folder.appendingPathComponent("Package.swift").path)
    return folder.path
}()
