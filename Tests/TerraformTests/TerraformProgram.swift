import Foundation
import Terraform

/// The `terraform` that stands on the path.
enum TerraformProgram {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/terraform" }.first(where: FileManager.default.isExecutableFile)

    /// What `terraform fmt` makes of a text.
    static func formatted(_ text: String) throws -> String {
        try run(["fmt", "-"], in: FileManager.default.temporaryDirectory, input: text)
    }

    /// The state of a configuration and a module of it, applied in a folder of its own.
    static func applied(_ configuration: String, inner: String) throws -> TerraformState {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let module = folder.appending(path: "inner")
        try FileManager.default.createDirectory(at: module, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(configuration.utf8).write(to: folder.appending(path: "main.tf"))
        try Data(inner.utf8).write(to: module.appending(path: "main.tf"))
        _ = try run(["init", "-input=false"], in: folder)
        _ = try run(["apply", "-input=false", "-auto-approve"], in: folder)
        let state = try Data(contentsOf: folder.appending(path: "terraform.tfstate"))
        return try TerraformStateReader.read(Array(state), from: "terraform.tfstate")
    }

    private static func run(
        _ arguments: [String], in folder: URL, input: String = ""
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["HOME": folder.path, "CHECKPOINT_DISABLE": "1"]
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = FileHandle.nullDevice
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
