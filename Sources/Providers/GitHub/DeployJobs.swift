package import HTTP
package import Resources
import Synchronization

/// The jobs of the newest runs that deploy a repository's services.
///
/// <https://docs.github.com/en/rest/actions/workflow-jobs>; the token needs `Actions: read`.
package final class DeployJobs: Sendable {
    /// Runs looked at: a deploy is among the newest.
    private static let runsLookedAt = 30

    private let api: GitHubAPI
    private let repository: String
    /// Jobs of completed attempts change no more.
    private let completed = Mutex<[String: [DeployJob]]>([:])

    /// - Parameters:
    ///   - repository: `owner/name`.
    ///   - environment: as the provider takes it.
    ///   - sign: for an App's identity.
    package init(
        repository: String, environment: [String: String], client: any HTTPClient,
        time: any TimeSource, random: any RandomSource, sign: @escaping RSASigning
    ) {
        self.repository = repository
        let credential = GitHubCredential(environment: environment) { app in
            AppInstallation(app, repository: repository, time: time, sign: sign)
        }
        api = GitHubAPI(
            environment: environment, credential: credential, client: client, time: time,
            random: random, policy: .standard)
    }

    /// The newest job of each runner that has one.
    /// - Throws: `ProviderError`, or `CancellationError`.
    package func newest(
        of runners: some Sequence<RunnerIdentity>
    ) async throws -> [RunnerIdentity: DeployJob] {
        var sought = Set(runners)
        var found: [RunnerIdentity: DeployJob] = [:]
        try await purpose("list the deploy jobs").run {
            for run in try await runs() {
                guard !sought.isEmpty else { break }
                let jobs = try await jobs(of: run)
                for runner in sought {
                    guard let job = jobs.last(where: { $0.belongs(to: runner) }) else { continue }
                    found[runner] = job
                    sought.remove(runner)
                }
            }
        }
        return found
    }

    /// The end of a job's log without its times, oldest line first; what GitHub keeps from view
    /// is not in it.
    /// - Throws: `ProviderError`, or `CancellationError`.
    package func logTail(of job: DeployJob, lines count: Int = 20) async throws -> [String] {
        let text = try await purpose("read the log of \(job.name)").run {
            try await api.download("\(path)/jobs/\(job.id)/logs")
        }
        return text.split(whereSeparator: \.isNewline).suffix(count).map { line in
            String(line.replacing(/^\u{FEFF}?\d{4}-\d\d-\d\dT[\d:.]+Z ?/, with: ""))
                .replacing(/\u{1B}\[[\d;]*m/, with: "")
        }
    }

    private var path: String { "/repos/\(repository)/actions" }

    private func purpose(_ action: String) -> Purpose {
        Purpose(action: action, address: nil, repository: repository)
    }

    /// Of the generated workflow that deploys, or of all where the repository has one of its own.
    private func runs() async throws -> [Value] {
        do {
            return try await runs(of: "\(path)/workflows/deploy.yml")
        } catch let failure as GitHubFailure where failure.isNotFound {
            return try await runs(of: path)
        }
    }

    private func runs(of place: String) async throws -> [Value] {
        let page = try await api.send(.get, "\(place)/runs?per_page=\(Self.runsLookedAt)")
        return page["workflow_runs"]?.list ?? []
    }

    private func jobs(of run: Value) async throws -> [DeployJob] {
        guard let id = run["id"]?.integer else { return [] }
        let attempt = "\(id)/\(run["run_attempt"]?.integer ?? 1)"
        if let known = completed.withLock({ $0[attempt] }) { return known }
        let jobs = try await api.list("\(path)/runs/\(id)/jobs", in: "jobs")
            .compactMap { DeployJob(json: $0, of: run) }
        if run["status"] == "completed" { completed.withLock { $0[attempt] = jobs } }
        return jobs
    }
}
