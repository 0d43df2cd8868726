package import Foundation
import Resources

/// The workflow runs of one repository, each at its latest attempt.
package struct SimulatedRuns {
    private struct Run {
        var attempt: Int
        /// `nil` while it goes on.
        var conclusion: String?
        let begun: Date
        let event: String
    }

    /// The number of the workflow that they are of.
    static let workflow = 159_038

    private var runs: [Int: Run] = [:]

    /// Begins a run, or the next attempt at one.
    package mutating func begin(_ id: Int, at now: Date, event: String = "push") {
        runs[id] = Run(attempt: (runs[id]?.attempt ?? 0) + 1, begun: now, event: event)
    }

    /// Ends a run, as it came to its end or was cancelled.
    package mutating func complete(_ id: Int, as conclusion: String = "success") {
        runs[id]?.conclusion = conclusion
    }

    var newestFirst: [Int] { runs.keys.sorted(by: >) }

    func contains(_ id: Int) -> Bool { runs[id] != nil }

    /// The run as `GET /repos/{owner}/{repo}/actions/runs/{run_id}` shows it.
    func document(_ id: Int, of repository: RepositoryDocument) -> Value? {
        guard let run = runs[id] else { return nil }
        let api = "\(repository.api)/actions"
        let page = "\(repository.page)/actions/runs/\(id)"
        let commit = String(repeating: "a", count: 40)
        let document: [String: Value] = [
            "id": .integer(id), "node_id": "WFR_kwLO", "name": "deploy", "run_number": 1,
            "run_attempt": .integer(run.attempt), "event": .string(run.event),
            "head_branch": "main",
            "head_sha": .string(commit), "path": ".github/workflows/deploy.yml",
            "workflow_id": .integer(Self.workflow),
            "status": run.conclusion == nil ? "in_progress" : "completed",
            "conclusion": run.conclusion.map(Value.string) ?? .null, "pull_requests": [],
            "created_at": run.begun.timestamp, "updated_at": run.begun.timestamp,
            "html_url": .string(page), "url": .string("\(api)/runs/\(id)"),
            "check_suite_url": .string("\(api)/suites/1"),
            "workflow_url": .string("\(api)/workflows/\(Self.workflow)"),
            "head_commit": [
                "id": .string(commit), "tree_id": .string(commit), "message": "Deploy",
                "timestamp": run.begun.timestamp,
                "author": ["name": "Ada", "email": "ada@example.com"],
                "committer": ["name": "Ada", "email": "ada@example.com"],
            ],
            "repository": repository.value, "head_repository": repository.value,
        ]
        return .object(
            document.merging(
                ["jobs", "logs", "artifacts", "cancel", "rerun"].map {
                    ("\($0)_url", .string("\(api)/runs/\(id)/\($0)"))
                }
            ) { first, _ in first })
    }
}
