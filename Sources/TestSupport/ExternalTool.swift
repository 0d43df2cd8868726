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
        let (text, isSuccess) = try run(arguments)
        return isSuccess ? nil : text
    }

    /// Runs the program to its end, and returns what it printed.
    package func output(_ arguments: [String]) throws -> String { try run(arguments).text }

    private func run(_ arguments: [String]) throws -> (text: String, isSuccess: Bool) {
        guard let path else { return ("\(name) is not installed", false) }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.runAlone()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus == 0)
    }
}
