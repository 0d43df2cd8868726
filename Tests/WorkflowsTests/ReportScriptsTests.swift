import Foundation
import Testing
import TestSupport

@testable import Workflows

/// The scripts run with a stand-in for `gh`, which answers lists as GitHub's own would: by the
/// filter that it is given.
@Suite(.enabled(if: ExternalTool("jq").isInstalled, "jq is not installed"))
struct ReportScriptsTests {
    private static let comments = #"""
        [{"id": 1, "user": {"login": "somebody"}, "body": "<!-- launch:shop/plan -->\nmine"},
         {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "<!-- launch:other/plan -->"},
         {"id": 3, "user": {"login": "github-actions[bot]"}, "body": null}]
        """#
    private static let ours =
        #"[{"id": 77, "number": 7, "user": {"login": "github-actions[bot]"}, "body": "<!-- launch:shop/plan -->\n…"}]"#

    private static let standIn = #"""
        #!/bin/bash
        shift
        method=GET filter=. input=
        while [[ $# -gt 0 ]]; do
            case "$1" in
                --method) method=$2; shift ;;
                --jq) filter=$2; shift ;;
                --field) input="{\"${2%%=*}\": \"${2#*=}\"}"; shift ;;
                --input) input=$(cat); shift ;;
                --*) ;;
                *) path=$1 ;;
            esac
            shift
        done
        if [[ $method == GET ]]; then jq -r "$filter" <<< "$ANSWER"; exit; fi
        printf '%s %s ' "$method" "$path" >> "$ROOT/sent"
        jq -c . <<< "$input" >> "$ROOT/sent"
        """#

    /// What a script sends, when GitHub's list is `answer`.
    private func run(
        _ script: WorkflowFile, _ arguments: [String], report: String = "# Plan\n", answer: String
    ) throws -> String {
        try PackageFiles.withTemporaryFolder { root in
            for (name, text) in [
                ("script", script.content), ("report.md", report), ("gh", Self.standIn),
            ] {
                try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
            }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(root)/gh")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            let complaint = try ExternalTool("env").complaint(
                [
                    "-C", root, "ROOT=\(root)", "PATH=\(root):\(path)", "ANSWER=\(answer)",
                    "LAUNCH_MARK=shop/plan", "GITHUB_REPOSITORY=o/r", "GITHUB_RUN_ID=5",
                    "GITHUB_SERVER_URL=https://github.com", "bash", "script",
                ] + arguments)
            #expect(complaint == nil)
            return (try? String(contentsOfFile: "\(root)/sent", encoding: .utf8)) ?? ""
        }
    }

    private let body =
        #"<!-- launch:shop/plan -->\n# Plan\n\n\n[The run](https://github.com/o/r/actions/runs/5)"#

    @Test func thereIsOneCommentAPullRequest() throws {
        #expect(
            try run(.commentScript, ["12", "report.md"], answer: Self.comments)
                == "POST repos/o/r/issues/12/comments {\"body\":\"\(body)\"}\n")
        let numberless = Self.ours.replacing("\"number\": 7, ", with: "")
        #expect(
            try run(.commentScript, ["12", "report.md"], answer: numberless)
                == "PATCH repos/o/r/issues/comments/77 {\"body\":\"\(body)\"}\n")
    }

    @Test func aLongReportIsCut() throws {
        let long = String(repeating: "é", count: 70_000)
        let sent = try run(.commentScript, ["1", "report.md"], report: long, answer: "[]")
        #expect(sent.count > 60_000 && sent.count < 65_000)
        #expect(sent.contains("… cut off"))
    }

    @Test func thereIsOneIssueWhichClosesItself() throws {
        #expect(
            try run(.issueScript, ["Drift", "report.md"], answer: "[]")
                == "POST repos/o/r/issues {\"body\":\"\(body)\",\"title\":\"Drift\"}\n")
        #expect(
            try run(.issueScript, ["Drift", "report.md"], answer: Self.ours)
                == "PATCH repos/o/r/issues/7 {\"body\":\"\(body)\"}\n")
        #expect(
            try run(.issueScript, ["Drift"], answer: Self.ours)
                == "PATCH repos/o/r/issues/7 {\"state\":\"closed\"}\n")
        #expect(try run(.issueScript, ["Drift"], answer: Self.comments) == "")
    }
}
