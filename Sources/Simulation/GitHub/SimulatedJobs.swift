import HTTP
import Resources

import Foundation

/// The deploy jobs of one repository: each waits for a runner that has its labels, runs, writes a
/// log and ends.
package final class SimulatedJobs {
    private struct Job {
        let id: Int
        let run: Int
        let service: String
        /// Besides those that every self-hosted runner has.
        let labels: [String]
        var status = "queued"
        var conclusion: String?
        var runner: String?
        var startedAt: Date
        var completedAt: Date?
        var log: [String] = []
    }

    private unowned let core: WorldCore
    private let runners: SimulatedRunners
    private let secrets: SimulatedSecrets
    private let environments: SimulatedEnvironments
    private let endRun: (_ run: Int, _ conclusion: String) -> Void
    private var jobs: [Job] = []
    private var lastID = 400
    /// Services whose containers do not become healthy.
    package var failing: Set<String> = []
    /// Services whose jobs are cancelled before their first step.
    package var cancelled: Set<String> = []

    init(
        _ core: WorldCore, runners: SimulatedRunners, secrets: SimulatedSecrets,
        environments: SimulatedEnvironments,
        endRun: @escaping (_ run: Int, _ conclusion: String) -> Void
    ) {
        self.core = core
        self.runners = runners
        self.secrets = secrets
        self.environments = environments
        self.endRun = endRun
    }

    /// Has a job wait for each service's runner.
    func queue(_ services: [String], environment: String, run: Int) {
        for service in services {
            lastID += 1
            jobs.append(
                Job(
                    id: lastID, run: run, service: service, labels: [service, environment],
                    startedAt: core.now))
        }
        if services.isEmpty { endRun(run, "success") }
        assign()
    }

    /// Gives waiting jobs to idle runners.
    func assign() {
        for index in jobs.indices where jobs[index].status == "queued" {
            guard let runner = runners.idle(with: jobs[index].labels) else { continue }
            runners.setBusy(true, named: runner)
            jobs[index].status = "in_progress"
            jobs[index].runner = runner
            jobs[index].startedAt = core.now
            note("Runner name: '\(runner)'", of: index)
            if cancelled.contains(jobs[index].service) {
                note("##[error]The operation was canceled.", of: index)
                complete(index, as: "cancelled")
                continue
            }
            if runners.isEphemeral(runner) { leaveToken(on: runner, for: jobs[index]) }
            note("##[group]Run docker compose up --detach --wait", of: index)
            core.schedule(after: core.configuration.jobTime) { [weak self] in self?.end(index) }
        }
    }

    private func end(_ index: Int) {
        guard let runner = jobs[index].runner else { return }
        let job = jobs[index]
        let isThere = runners.isOnline(runner)
        if !isThere {
            note("##[error]The runner has lost communication with the server.", of: index)
        } else if failing.contains(job.service) {
            note("\(job.service)-1  | Error: cannot listen", of: index)
            note("container \(job.service)-1 is unhealthy", of: index)
            note("##[error]Process completed with exit code 1.", of: index)
        } else {
            note("Container \(job.service)-1  Healthy", of: index)
            core.applications.deploy(job.service, byRunner: runner, given: secrets.names)
        }
        complete(
            index, as: isThere && !failing.contains(job.service) ? "success" : "failure")
        assign()
    }

    /// The first step of a job on an ephemeral runner. Secrets of environments are read when the
    /// job begins.
    private func leaveToken(on runner: String, for job: Job) {
        let secret = runner.uppercased().replacing("-", with: "_") + "_RUNNER_TOKEN"
        guard let token = job.labels.last.flatMap({ environments.token(secret, in: $0) }) else {
            return
        }
        core.guests.leave(token: token, forRunner: runner)
    }

    /// An ephemeral runner has had its one job, however that went.
    private func complete(_ index: Int, as conclusion: String) {
        let job = jobs[index]
        jobs[index].status = "completed"
        jobs[index].conclusion = conclusion
        jobs[index].completedAt = core.now
        if let runner = job.runner {
            runners.setBusy(false, named: runner)
            if runners.isEphemeral(runner) {
                runners.remove(named: runner)
                core.guests.endJob(ofRunner: runner)
            }
        }
        let siblings = jobs.filter { $0.run == job.run }
        if siblings.allSatisfy({ $0.status == "completed" }) {
            endRun(
                job.run, siblings.contains { $0.conclusion != "success" } ? "failure" : "success")
        }
    }

    private func note(_ line: String, of index: Int) {
        let time = core.now.formatted(.iso8601).dropLast()
        jobs[index].log.append("\(time).0000000Z \(line)")
    }

    /// The jobs of a run as the API lists them.
    func list(of run: Int, in repository: RepositoryDocument) -> Value {
        let found = jobs.filter { $0.run == run }.map { document($0, repository) }
        return ["total_count": .integer(found.count), "jobs": .list(found)]
    }

    func document(_ id: Int, in repository: RepositoryDocument) -> Value? {
        jobs.first { $0.id == id }.map { document($0, repository) }
    }

    /// - Returns: `nil` where there is no such job, or no log of it yet.
    func log(of id: Int) -> String? {
        guard let job = jobs.first(where: { $0.id == id }), job.status == "completed" else {
            return nil
        }
        return job.log.map { $0 + "\r\n" }.joined()
    }

    private func document(_ job: Job, _ repository: RepositoryDocument) -> Value {
        let api = repository.api
        let page = "\(repository.page)/actions/runs/\(job.run)"
        let isTaken = job.runner != nil
        return [
            "id": .integer(job.id), "run_id": .integer(job.run), "run_attempt": 1,
            "run_url": .string("\(api)/actions/runs/\(job.run)"), "node_id": "CR_kwDO",
            "head_sha": .string(String(repeating: "a", count: 40)),
            "name": .string("deploy (\(job.service))"), "status": .string(job.status),
            "conclusion": job.conclusion.map(Value.string) ?? .null,
            "started_at": job.startedAt.timestamp,
            "completed_at": job.completedAt?.timestamp ?? .null,
            "url": .string("\(api)/actions/jobs/\(job.id)"),
            "html_url": .string("\(page)/job/\(job.id)"),
            "check_run_url": .string("\(api)/check-runs/\(job.id)"),
            "labels": .list((["self-hosted"] + job.labels).map(Value.string)),
            "runner_id": isTaken ? 1 : .null,
            "runner_name": job.runner.map(Value.string) ?? .null,
            "runner_group_id": isTaken ? 1 : .null,
            "runner_group_name": isTaken ? "Default" : .null,
        ]
    }
}
