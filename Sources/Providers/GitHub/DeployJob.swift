package import Foundation
import Resources

/// A job that ran on a service's runner, or waits for it.
package struct DeployJob: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case queued, running, succeeded
        /// With the conclusion: `failure`, `cancelled`, `timed_out`.
        case failed(String)
    }

    package let id: Int
    package let name: String
    package let state: State
    /// Its page, for people.
    package let page: String?
    package let completedAt: Date?
    /// When the commit was made that its run is of.
    package let commitTime: Date?
    let runner: String?
    let labels: Set<String>

    /// - Parameters:
    ///   - json: as the jobs of a run are listed.
    ///   - run: as the runs are.
    /// - Returns: `nil` for one that was skipped, or that cannot be understood.
    init?(json: Value, of run: Value = .null) {
        guard let id = json["id"]?.integer, json["conclusion"] != "skipped" else { return nil }
        self.id = id
        name = json["name"]?.string ?? "a job"
        page = json["html_url"]?.string
        completedAt = json["completed_at"]?.string.flatMap(Date.init(iso8601:))
        commitTime = run["head_commit"]?["timestamp"]?.string.flatMap(Date.init(iso8601:))
        runner = json["runner_name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        labels = Set((json["labels"]?.list ?? []).compactMap { $0.string?.lowercased() })
        switch (json["status"]?.string, json["conclusion"]?.string) {
        case ("completed", "success"), ("completed", "neutral"): state = .succeeded
        case ("completed", let conclusion): state = .failed(conclusion ?? "no conclusion")
        case ("in_progress", _): state = .running
        default: state = .queued
        }
    }

    /// True when it ran on the runner, or can run on no other of the project's.
    func belongs(to runner: RunnerIdentity) -> Bool {
        if let name = self.runner { return name == runner.name }
        return labels.contains("self-hosted")
            && labels.isSuperset(of: runner.labels.map { $0.lowercased() })
    }
}

/// How jobs name a service's runner.
package struct RunnerIdentity: Hashable, Sendable {
    package let name: String
    package let labels: [String]

    package init(name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }
}
