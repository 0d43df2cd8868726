import Foundation

/// A program that a test asks for a second opinion, where it is installed.
package struct ExternalTool: Sendable {
    package let name: String
    /// `nil` where the program is not installed.
    package let path: String?

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
        let (status, text) = try run(arguments)
        return status == 0 ? nil : text
    }

    /// Runs the program to its end, and returns what it printed.
    package func output(_ arguments: [String]) throws -> String { try run(arguments).text }

    /// Runs the program to its end.
    ///
    /// - Parameter takingErrors: whether stderr is of interest, too.
    /// - Returns: how it ended, and everything it printed.
    package func run(
        _ arguments: [String], takingErrors: Bool = true
    ) throws -> (status: Int32, text: String) {
        guard let path else { return (127, "\(name) is not installed") }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = takingErrors ? output : FileHandle.nullDevice
        try process.runAlone()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
