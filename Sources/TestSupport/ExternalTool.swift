import Foundation

/// A program that a test asks for a second opinion, where it is installed.
package struct ExternalTool: Sendable {
    package let name: String
    /// `nil` where the program is not installed.
    private let path: String?

    /// Looks in the package's virtual environment, then in the search path.
    package init(_ name: String) {
        self.name = name
        let folders =
            [PackageFiles.root + "/.venv/bin"]
            + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map(String.init)
        path = folders.map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    package var isInstalled: Bool { path != nil }

    /// Runs the program to its end.
    ///
    /// - Returns: everything it printed when it failed; `nil` when it succeeded.
    package func complaint(_ arguments: [String]) throws -> String? {
        guard let path else { return "\(name) is not installed" }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : text
    }
}

/// Where the package's own files are, for tests that read them.
package enum PackageFiles {
    /// The folder with Package.swift.
    package static let root: String = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/",
            !FileManager.default.fileExists(atPath: folder.path + "/Package.swift")
        {
            folder.deleteLastPathComponent()
        }
        return folder.path
    }()

    /// Runs `body` with the path of a temporary folder that is removed afterwards.
    package static func withTemporaryFolder<Result>(
        _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("launch-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }
}
