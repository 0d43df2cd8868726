import Foundation
import TestSupport
import Testing

/// The steps of the generated workflows that report, with the built command, a served world and a
/// GitHub in a file.
@Suite(
    .timeLimit(.minutes(20)),
    .enabled(
        if: ["jq", "python3"].allSatisfy { ExternalTool($0).isInstalled },
        "jq or python3 is not installed"))
struct ReportStepsTests {
    /// What the step of that name runs, in the workflow of that file.
    private func step(_ name: String, of workflow: String, _ bench: Bench) throws -> String {
        let text = try read(".github/workflows/\(workflow).yml", bench)
        let step = try #require(text.components(separatedBy: "- name: \(name)\n").last)
        let run = try #require(step.firstMatch(of: /(?m)^        run: (.*)$/))
        guard run.1 == "|" else { return String(run.1) }
        return step[run.range.upperBound...].split(separator: "\n")
            .prefix { $0.hasPrefix("          ") }.map { $0.dropFirst(10) + "\n" }.joined()
    }

    private func read(_ path: String, _ bench: Bench) throws -> String {
        try String(contentsOf: bench.repository.appending(path: path), encoding: .utf8)
    }

    /// Runs a step in the shell that GitHub runs it in.
    private func run(
        _ name: String, of workflow: String, in bench: Bench, _ more: [String: String] = [:]
    ) throws -> (status: Int32, text: String) {
        let folder = LaunchProcess.executable.deletingLastPathComponent().path
        let environment = bench.environment.merging([
            "PATH": "\(folder):\(bench.folder.path):/usr/bin:/bin",
            "GITHUB_STEP_SUMMARY": bench.folder.appending(path: "summary.md").path,
        ]) { $1 }.merging(more) { $1 }
        return try ExternalTool("env").run(
            ["-i", "-C", bench.repository.path] + environment.map { "\($0.key)=\($0.value)" }
                + [
                    "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c",
                    try step(name, of: workflow, bench),
                ], takingErrors: false)
    }

    @Test func aPullRequestSeesWhichLinesChangeWhat() async throws {
        try await withBench(["worker"]) { bench in
            #expect(try await bench.run("workflows").code == 0)
            let new = try run("Plan", of: "plan", in: bench)
            #expect(new.status == 0)
            #expect(
                new.text.hasPrefix(
                    "::notice file=services/worker/service.yaml,line=1,title=worker%3A "))
            #expect(new.text.split(separator: "\n").count == 1)
            let summary = try String(
                contentsOf: bench.folder.appending(path: "summary.md"), encoding: .utf8)
            #expect(try read("plan.md", bench) == summary)
            #expect(summary.hasPrefix("### Launch plan\n\nPlan: "))
            #expect(try read("plan.txt", bench).contains("\nPlan: "))
            #expect(try read("plan.html", bench).hasPrefix("<!DOCTYPE html>"))

            #expect(try await bench.run("converge", "--yes").code == 0)
            try bench.edit("services/worker/service.yaml", "size: small", "size: medium")
            let changed = try run("Plan", of: "plan", in: bench)
            #expect(
                changed.text.hasPrefix(
                    "::notice file=services/worker/service.yaml,line=5,col=1,"
                        + "title=worker/proxmox.lxc%3A update::"), "\(changed)")
            #expect(changed.text.split(separator: "\n").count == 1)
        }
    }

    @Test func driftIsToldOnce() async throws {
        try await withBench(["worker"]) { bench in
            #expect(try await bench.run("workflows").code == 0)
            #expect(try await bench.run("converge", "--yes").code == 0)
            let store = bench.folder.appending(path: "github.json")
            try Data(#"{"issues": [], "log": []}"#.utf8).write(to: store)
            let client = bench.folder.appending(path: "gh")
            let script = "\(PackageFiles.root)/Tests/WorkflowsTests/Fixtures/gh.py"
            try Data("#!/bin/sh\nexec python3 '\(script)' \"$@\"\n".utf8).write(to: client)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: client.path)
            func check() throws -> String {
                #expect(try run("Look for drift", of: "drift", in: bench).status == 0)
                let told = try run(
                    "Open, renew or close the issue", of: "drift", in: bench,
                    [
                        "GITHUB_STORE": store.path, "GITHUB_REPOSITORY": "o/r", "GH_TOKEN": "t",
                        "GITHUB_RUN_ID": "5", "GITHUB_SERVER_URL": "https://github.com",
                        "LAUNCH_MARK": "example/drift",
                    ])
                #expect(told.status == 0, "\(told)")
                return try String(contentsOf: store, encoding: .utf8)
            }
            #expect(try check() == #"{"issues": [], "log": []}"#)

            try bench.edit("services/worker/service.yaml", "size: small", "size: medium")
            let opened = try check()
            #expect(opened.contains(#""title": "Drift in example""#))
            #expect(opened.contains(#""log": ["POST issues"]"#))
            #expect(try check() == opened)

            try bench.edit("services/worker/service.yaml", "size: medium", "size: small")
            let closed = try check()
            #expect(
                closed.contains(
                    #""log": ["POST issues", "POST issues/1/comments", "PATCH issues/1"]"#))
            #expect(closed.contains(#""state": "closed""#))
        }
    }
}
