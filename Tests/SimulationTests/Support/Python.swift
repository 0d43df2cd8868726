import Foundation
import TestSupport

/// A Python to run reference clients with: the project's own, or the system's.
struct Python: Sendable {
    static let withBoto3 = Python(importing: "boto3")
    static let withProxmoxer = Python(importing: "proxmoxer, requests")
    static let withCloudflare = Python(importing: "cloudflare, cryptography")
    static let withPyGithub = Python(importing: "github, nacl")
    static let withCloudInit = Python(importing: "cloudinit.sources.DataSourceNoCloud")
    static let withAnsible = Python(
        importing: "proxmoxer, requests, ansible_collections.community.proxmox")
    static let withMoto = Python(importing: "boto3, moto")

    private let path: String

    /// - Returns: `nil` when there is none with these modules.
    private init?(importing modules: String) {
        let own = PackageFiles.root + "/.venv/bin/python"
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let system = path.split(separator: ":").map { "\($0)/python3" }
        let found = ([own] + system).first { path in
            guard FileManager.default.isExecutableFile(atPath: path) else { return false }
            let process = Process()
            process.executableURL = URL(filePath: path)
            process.arguments = ["-c", "import \(modules)"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.runAlone()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        guard let found else { return nil }
        self.path = found
    }

    /// Runs a playbook of `Fixtures/ansible`, and returns what it printed.
    func play(_ playbook: String, _ environment: [String: String]) async throws -> String {
        let folder = Self.fixtures.appending(path: "ansible")
        return try await run(
            ["-m", "ansible", "playbook", folder.appending(path: playbook).path],
            environment.merging(["PYTHONPATH": folder.path, "LC_ALL": "C.UTF-8"]) { $1 })
    }

    /// Runs a script of `Fixtures` to its end and returns what it printed, errors included.
    func run(_ script: String, _ environment: [String: String]) async throws -> String {
        try await run([Self.fixtures.appending(path: script).path], environment)
    }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    private func run(
        _ arguments: [String], _ environment: [String: String]
    ) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        var surroundings = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
        surroundings.merge(environment) { $1 }
        surroundings["NO_PROXY"] = "127.0.0.1"
        surroundings["AWS_DEFAULT_REGION"] = environment["AWS_REGION"]
        process.environment = surroundings
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        let ended = AsyncStream<Void> { continuation in
            process.terminationHandler = { _ in continuation.finish() }
        }
        try process.runAlone()
        for await _ in ended {}
        return String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
