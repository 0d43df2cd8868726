import Foundation
import TestSupport
import Testing

/// A repository of its own in a world of its own.
struct Bench: Sendable {
    /// Around the repository.
    let folder: URL
    let world: ServedWorld
    let environment: [String: String]

    var repository: URL { folder.appending(path: "repository") }
    var stateFile: URL { repository.appending(path: "state/launch.sqlite") }

    /// One of everything that the three examples ask for.
    static let everything = [
        "cloudflare dns record": 2, "cloudflare tunnel": 2, "ec2 instance": 1,
        "ec2 security group": 1, "ec2 volume": 2, "github runner": 3, "github secret": 2,
        "iam instance profile": 1,
        "iam role": 1, "proxmox container": 1, "proxmox vm": 1,
    ]

    /// Starts the command in the repository.
    func start(
        _ arguments: String..., environment changes: [String: String?] = [:],
        terminal: FileHandle? = nil
    ) throws -> LaunchProcess {
        try start(arguments, environment: changes, terminal: terminal)
    }

    /// Runs the command in the repository, to its end.
    @discardableResult
    func run(
        _ arguments: String..., environment changes: [String: String?] = [:]
    ) async throws -> Outcome {
        try await run(arguments, environment: changes)
    }

    func run(
        _ arguments: [String], environment changes: [String: String?] = [:]
    ) async throws -> Outcome {
        try await start(arguments, environment: changes, terminal: nil).outcome()
    }

    func start(
        _ arguments: [String], environment changes: [String: String?] = [:],
        terminal: FileHandle? = nil
    ) throws -> LaunchProcess {
        let environment = changes.reduce(into: environment) { $0[$1.key] = $1.value }
        return try LaunchProcess(
            ["-C", repository.path] + arguments, in: folder, environment: environment,
            terminal: terminal)
    }

    /// All that Launch has done: what is recorded, and what there is.
    func footprint() async throws -> Footprint {
        Footprint(state: try await run("state", "pull"), world: try await world.inventory())
    }

    struct Footprint: Equatable {
        let state: Outcome
        let world: [String: Int]
    }

    /// Replaces text in a file of the repository.
    func edit(_ path: String, _ old: String, _ new: String) throws {
        let file = repository.appending(path: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        try Data(text.replacing(old, with: new).utf8).write(to: file)
    }
}

/// Runs `body` with a copy of the examples and a fresh world; both are gone afterwards.
///
/// - Parameters:
///   - services: which of the examples; all by default.
///   - simulate: more options for `launch simulate`.
func withBench(
    _ services: [String] = ["librechat", "mcp", "worker"], simulate: [String] = [],
    _ body: (Bench) async throws -> Void
) async throws {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "launch-\(UUID().uuidString)")
    let repository = folder.appending(path: "repository")
    try files.createDirectory(
        at: repository.appending(path: "services"), withIntermediateDirectories: true)
    defer { try? files.removeItem(at: folder) }
    for path in ["launch.yaml"] + services.map({ "services/\($0)" }) {
        try files.copyItem(
            atPath: "\(PackageFiles.root)/\(path)", toPath: repository.appending(path: path).path)
    }
    let world = try await ServedWorld(in: folder, options: simulate)
    let own = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "USER": "ada"]
    let bench = Bench(
        folder: folder, world: world, environment: world.environment.merging(own) { $1 })
    do {
        try await body(bench)
    } catch {
        await world.stop()
        throw error
    }
    await world.stop()
}

extension Bench {
    /// The variables whose values nobody may see.
    var credentials: [String] {
        [
            "AWS_SECRET_ACCESS_KEY", "PROXMOX_VE_API_TOKEN", "CLOUDFLARE_API_TOKEN",
            "GITHUB_TOKEN",
        ]
    }
}
