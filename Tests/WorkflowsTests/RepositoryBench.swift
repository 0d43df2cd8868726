import Foundation
import Resources
import TestSupport

@testable import Workflows

/// A repository at a GitHub of its own, in which the report scripts run as in a workflow.
struct RepositoryBench {
    static let isPossible = ["jq", "python3"].allSatisfy { ExternalTool($0).isInstalled }

    private let root: String

    /// What a run of a script came to.
    struct Run: Equatable {
        /// What it wrote at GitHub: "POST issues".
        var requests: [String] = []
        /// What it said when it failed.
        var complaint: String?
    }

    /// Runs `body` with a fresh one.
    ///
    /// - Parameter issues: what is there before, as GitHub's API shows it, each with its comments.
    static func with(_ issues: Value = [], _ body: (RepositoryBench) throws -> Void) throws {
        try PackageFiles.withTemporaryFolder { root in
            let bench = RepositoryBench(root: root)
            try bench.write(["issues": issues, "log": []], to: "github.json")
            let client = "\(PackageFiles.root)/Tests/WorkflowsTests/Fixtures/gh.py"
            try bench.write("#!/bin/sh\nexec python3 '\(client)' \"$@\"\n", to: "gh")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(root)/gh")
            try body(bench)
        }
    }

    /// Issues and pull requests, each with its comments.
    func issues() throws -> [Value] { try store()["issues"]?.list ?? [] }

    /// Tells of a pull request, or of drift.
    ///
    /// - Parameters:
    ///   - files: what the arguments name, by name.
    ///   - run: the number of the workflow's run, which is in every link to it.
    ///   - artifact: the URL of the whole report; `nil` where there was no room for it.
    func run(
        _ script: WorkflowFile, _ arguments: [String], files: [String: String], mark: String,
        run: Int = 5, artifact: String? = nil
    ) throws -> Run {
        for (name, text) in files { try write(text, to: name) }
        try write(script.content, to: "script")
        let before = try log().count
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let complaint = try ExternalTool("env").complaint(
            [
                "-i", "-C", root, "PATH=\(root):\(path)", "GITHUB_STORE=\(root)/github.json",
                "LAUNCH_MARK=\(mark)", "LAUNCH_ARTIFACT=\(artifact ?? "")", "GH_TOKEN=token",
                "GITHUB_REPOSITORY=o/r", "GITHUB_RUN_ID=\(run)",
                "GITHUB_SERVER_URL=https://github.com", "bash", "script",
            ] + arguments)
        return Run(requests: Array(try log().dropFirst(before)), complaint: complaint)
    }

    /// Does what a person does in the browser with an issue.
    func edit(_ number: Int, _ changes: [String: Value]) throws {
        var store = try store()
        var issues = store["issues"]?.list ?? []
        issues[number - 1] = .object(
            (issues[number - 1].object ?? [:]).merging(changes) { $1 })
        store = ["issues": .list(issues), "log": store["log"] ?? []]
        try write(store, to: "github.json")
    }

    private func log() throws -> [String] {
        try store()["log"]?.list?.compactMap(\.string) ?? []
    }

    private func store() throws -> Value {
        let data = try Data(contentsOf: URL(filePath: "\(root)/github.json"))
        return Value(json: Array(data)) ?? .null
    }

    private func write(_ value: Value, to name: String) throws {
        try write(value.jsonText(), to: name)
    }

    private func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
    }
}
