import Foundation
import TestSupport

@testable import Workflows

/// A machine for the deploy script: a checkout with the service `web`, the real client and
/// Compose of Docker, and a stand-in for its daemon.
final class DeployBench {
    /// Docker Compose as the client's plugin; `nil` where there is none.
    static let compose: String? = {
        let packages = "\(PackageFiles.root)/.venv/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: packages)) ?? []
        let candidates =
            versions.map { "\(packages)/\($0)/site-packages/compose/docker-compose" }
            + ["/usr/libexec", "/usr/lib", "/usr/local/lib"]
            .map { "\($0)/docker/cli-plugins/docker-compose" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private static let client = ExternalTool("docker")
    private static let python = ExternalTool("python3")
    static let isPossible = compose != nil && client.isInstalled && python.isInstalled

    /// The search path, with the client in front.
    private static var searchPath: String {
        let folder = client.path.map { URL(filePath: $0).deletingLastPathComponent().path } ?? ""
        return "\(folder):" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    }

    let root: String
    private let daemon = Process()
    private let input = Pipe()

    /// Runs `body` with a fresh one.
    static func with(_ body: (DeployBench) throws -> Void) throws {
        try PackageFiles.withTemporaryFolder { root in
            let bench = try DeployBench(root: root)
            defer { bench.stop() }
            try body(bench)
        }
    }

    private init(root: String) throws {
        self.root = root
        for folder in ["services/web", "docker", "client/cli-plugins"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(root)/client/cli-plugins/docker-compose",
            withDestinationPath: Self.compose ?? "")
        try write(WorkflowFile.deployScript.content, to: "deploy")
        let output = Pipe()
        daemon.executableURL = URL(filePath: Self.python.path ?? "")
        daemon.arguments = [
            "\(PackageFiles.root)/Tests/WorkflowsTests/Fixtures/docker_daemon.py", "\(root)/docker",
        ]
        daemon.standardInput = input
        daemon.standardOutput = output
        try daemon.runAlone()
        _ = output.fileHandleForReading.availableData
        try release(api: "example/api:1")
    }

    private func stop() {
        try? input.fileHandleForWriting.close()
        daemon.waitUntilExit()
    }

    /// The application as the checkout has it.
    func release(api: String, needing secrets: [String] = []) throws {
        let environment = secrets.map { "      \($0): ${\($0):?}\n" }.joined()
        try write(
            """
            name: web
            services:
              api:
                image: \(api)
                environment:
                  MODE: test
            \(environment)\
                healthcheck: {test: ["CMD", "true"]}
              database:
                image: example/database:1
            """, to: "services/web/compose.yaml")
    }

    /// - Returns: whether the job succeeded, and what it printed.
    func deploy(_ settings: [String: String] = [:]) throws -> (succeeded: Bool, output: String) {
        let known = [
            "PATH": Self.searchPath, "HOME": root,
            "LAUNCH_HOME": "\(root)/srv", "LAUNCH_PATIENCE": "2",
            "DOCKER_HOST": "unix://\(root)/docker/docker.sock", "DOCKER_CONFIG": "\(root)/client",
        ]
        let output = "\(root)/output"
        try write("", to: "output")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["\(root)/deploy", "web"]
        process.environment = known.merging(settings) { $1 }
        process.currentDirectoryURL = URL(filePath: root)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = process.standardOutput
        try process.runAlone()
        process.waitUntilExit()
        return (process.terminationStatus == 0, try content("output"))
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
    }

    func content(_ name: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
    }

    func mode(_ name: String) throws -> Int? {
        let path = URL(filePath: "\(root)/\(name)").resolvingSymlinksInPath().path
        return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// What changed containers, networks and tags since the last call, without their ids.
    func takeChanges() throws -> [String] {
        defer { try? FileManager.default.removeItem(atPath: "\(root)/docker/requests") }
        let requests = (try? content("docker/requests")) ?? ""
        return requests.split(separator: "\n")
            .filter { !$0.hasPrefix("POST /images/create") && !$0.hasPrefix("POST /grpc") }
            .map { String($0.replacing(/[0-9a-f]{12,64}/, with: "ID")) }
    }

    /// The environment of the container that was made last under `name`.
    func environment(of name: String) throws -> [String] {
        struct Created: Decodable {
            let name: String
            let env: [String]
        }
        let all = try content("docker/created").split(separator: "\n").map {
            try JSONDecoder().decode(Created.self, from: Data($0.utf8))
        }
        return all.last { $0.name.hasSuffix(name) }?.env.sorted() ?? []
    }

    /// What Docker itself says of a container.
    func inspect(_ container: String, _ format: String) throws -> String? {
        try ExternalTool("env").complaint([
            "DOCKER_HOST=unix://\(root)/docker/docker.sock", "PATH=\(Self.searchPath)", "sh", "-c",
            "docker container inspect --format '\(format)' \(container); exit 1",
        ])?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func release(_ name: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(
            atPath: "\(root)/srv/releases/\(name)")
    }
}
