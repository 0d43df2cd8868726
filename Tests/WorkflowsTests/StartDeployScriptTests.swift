import Foundation
import Testing
import TestSupport

@testable import Workflows

/// The script runs with a stand-in for `gh`, which answers lists by the filter that it is given.
@Suite(.enabled(if: ExternalTool("jq").isInstalled, "jq is not installed"))
struct StartDeployScriptTests {
    /// Each look reads the next line of `answers/runs` or `answers/run`; the last one stays. An
    /// empty line is a failure.
    private static let standIn = #"""
        #!/bin/bash
        shift
        method=GET filter=. fields=
        while [[ $# -gt 0 ]]; do
            case "$1" in
                --method) method=$2; shift ;;
                --jq) filter=$2; shift ;;
                --raw-field) fields+=" $2"; shift ;;
                --*) ;;
                *) path=$1 ;;
            esac
            shift
        done
        if [[ $method == POST ]]; then printf '%s%s\n' "$path" "$fields" >> "$ROOT/sent"; exit; fi
        case "$path" in
            *"/workflows/deploy.yml/runs?event=workflow_dispatch&per_page=50") list=runs ;;
            */runs/77) list=run ;;
            *) exit 1 ;;
        esac
        answer=$(head -n 1 "$ROOT/$list")
        [[ $(wc -l < "$ROOT/$list") -eq 1 ]] || sed -i 1d "$ROOT/$list"
        [[ -n $answer ]] || exit 1
        jq -r "$filter" <<< "$answer"
        """#

    private static let others = """
        {"workflow_runs": [{"id": 5, "display_title": "Deploy web for 12-1-web"}, \
        {"id": 6, "display_title": "Deploy web"}, \
        {"id": 7, "display_title": "Deploy web for 9-1-my-web"}]}
        """
    private static let mine = """
        {"workflow_runs": [{"id": 5, "display_title": "Deploy web for 12-1-web"}, \
        {"id": 77, "display_title": "Deploy web for 9-1-web"}]}
        """

    struct Case: Sendable {
        let runs: [String]
        let run: [String]
        let code: Int
        let output: String
    }

    private static let started = """
        launch: web is deployed by https://github.com/o/r/actions/runs/77

        """

    static let cases = [
        Case(
            runs: [others, "", mine],
            run: [
                #"{"status": "queued", "conclusion": null}"#, "",
                #"{"status": "in_progress", "conclusion": null}"#,
                #"{"status": "completed", "conclusion": "success"}"#,
            ], code: 0, output: started),
        Case(
            runs: [mine], run: [#"{"status": "completed", "conclusion": "failure"}"#], code: 1,
            output: started
                + """
                ::error::the deploy of web ended as failure: \
                https://github.com/o/r/actions/runs/77

                """),
        Case(
            runs: [others], run: [], code: 1,
            output: "::error::the run that deploys web does not show up\n"),
    ]

    @Test(arguments: cases) func itStartsARunAndEndsAsThatDoes(_ example: Case) async throws {
        try PackageFiles.withTemporaryFolder { root in
            let files = [
                "script": WorkflowFile.startDeployScript.content, "gh": Self.standIn,
                "runs": example.runs.map { $0 + "\n" }.joined(),
                "run": example.run.map { $0 + "\n" }.joined(),
            ]
            for (name, text) in files {
                try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
            }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(root)/gh")
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: "/bin/bash")
            process.arguments = ["\(root)/script", "web"]
            process.environment = [
                "ROOT": root, "LAUNCH_PAUSE": "0", "GITHUB_REF_NAME": "main",
                "GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_RUN_ID": "9", "GITHUB_RUN_ATTEMPT": "1",
                "PATH": "\(root):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
            ]
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let said = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(String(decoding: said, as: UTF8.self) == example.output)
            #expect(process.terminationStatus == example.code)
            #expect(
                try String(contentsOfFile: "\(root)/sent", encoding: .utf8) == """
                    repos/o/r/actions/workflows/deploy.yml/dispatches ref=main \
                    inputs[services]=web inputs[mark]=9-1-web

                    """)
        }
    }
}
