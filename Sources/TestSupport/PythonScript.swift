import Foundation

/// A script for the Python that has botocore, given JSON and answering with JSON.
package struct PythonScript: Sendable {
    let text: String

    package init(text: String) { self.text = text }

    private struct Failed: Error {
        let said: String
    }

    /// - Parameter arguments: follow the path of a file with the input.
    package func run<Output: Decodable>(
        _ input: some Encodable, _ arguments: [String] = [], as type: Output.Type = Output.self
    ) throws -> Output {
        try PackageFiles.withTemporaryFolder { folder in
            let file = URL(filePath: "\(folder)/input.json")
            try JSONEncoder().encode(input).write(to: file)
            let process = Process()
            let output = Pipe()
            process.executableURL = MotoServer.python
            process.arguments = ["-c", text, file.path] + arguments
            process.standardOutput = output
            process.standardError = output
            try process.runAlone()
            let printed = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw Failed(said: String(decoding: printed, as: UTF8.self))
            }
            return try JSONDecoder().decode(type, from: printed)
        }
    }
}
