import HTTP
import Resources

import Foundation

/// The workflows of one repository: what starts them, their runs, jobs and logs.
package final class SimulatedActions {
    private unowned let core: WorldCore
    private let repository: String
    var runs = SimulatedRuns()
    package private(set) var jobs: SimulatedJobs
    private var lastRun = 9000

    init(
        _ core: WorldCore, repository: String, runners: SimulatedRunners,
        secrets: SimulatedSecrets, environments: SimulatedEnvironments
    ) {
        self.core = core
        self.repository = repository
        var end: (Int, String) -> Void = { _, _ in }
        jobs = SimulatedJobs(
            core, runners: runners, secrets: secrets, environments: environments
        ) { end($0, $1) }
        end = { [weak self] in self?.runs.complete($0, as: $1) }
        runners.whenChanged = { [weak self] in self?.jobs.assign() }
    }

    /// A push, or somebody by hand, has these services deployed.
    package func deploy(_ services: [String], environment: String, event: String) {
        lastRun += 1
        runs.begin(lastRun, at: core.now, event: event)
        jobs.queue(services, environment: environment, run: lastRun)
    }

    /// - Parameter segments: the path after `…/actions`.
    /// - Returns: `nil` where that is no endpoint of these.
    func answer(
        _ request: SimulatedRequest, _ segments: [String], of repository: RepositoryDocument
    ) throws -> HTTPResponse? {
        let number = segments.count > 1 ? Int(segments[1]) : nil
        switch (request.method, segments.first, segments.dropFirst(2).first, segments.count) {
        case ("GET", "runs", nil, 1): return .document(page(request, of: repository))
        case ("GET", "runs", nil, 2):
            return try .document(found(number.flatMap { runs.document($0, of: repository) }))
        case ("GET", "runs", "jobs", 3):
            let run = try found(number.flatMap { runs.contains($0) ? $0 : nil })
            return .document(jobs.list(of: run, in: repository))
        case ("GET", "jobs", nil, 2):
            return try .document(found(number.flatMap { jobs.document($0, in: repository) }))
        case ("GET", "jobs", "logs", 3):
            let job = try found(number.flatMap { jobs.log(of: $0) == nil ? nil : $0 })
            let place = "\(request.origin)/_logs/\(self.repository)/\(job)?sig=simulated"
            return HTTPResponse(status: 302, headers: [HTTPHeader("Location", place)])
        case ("GET", "workflows", nil, 1...2), ("GET", "workflows", "runs", 3):
            guard segments.count > 1 else {
                return GitHubPage(request, cap: nil).response(
                    of: [workflow(of: repository)], in: "workflows")
            }
            try checkWorkflow(segments[1])
            return .document(
                segments.count == 2 ? workflow(of: repository) : page(request, of: repository))
        case ("POST", "workflows", "dispatches", 3):
            try checkWorkflow(segments[1])
            return try dispatch(request)
        default: return nil
        }
    }

    private func found<Thing>(_ thing: Thing?) throws -> Thing {
        guard let thing else { throw GitHubRefusal.notFound }
        return thing
    }

    private func page(_ request: SimulatedRequest, of repository: RepositoryDocument) -> Value {
        let size = min(max(1, request.parameters["per_page"].flatMap(Int.init) ?? 30), 100)
        let all = runs.newestFirst
        return [
            "total_count": .integer(all.count),
            "workflow_runs": .list(
                all.prefix(size).compactMap { runs.document($0, of: repository) }),
        ]
    }

    /// The one workflow that there is goes by its number or by its file.
    private func checkWorkflow(_ name: String) throws {
        guard [String(SimulatedRuns.workflow), "deploy.yml"].contains(name) else {
            throw GitHubRefusal.notFound
        }
    }

    private func workflow(of repository: RepositoryDocument) -> Value {
        let number = SimulatedRuns.workflow
        let page = "\(repository.page)/blob/main/.github/workflows/deploy.yml"
        return [
            "id": .integer(number), "node_id": "W_kwDO", "name": "deploy", "state": "active",
            "path": ".github/workflows/deploy.yml", "created_at": repository.created.timestamp,
            "updated_at": repository.created.timestamp,
            "url": .string("\(repository.api)/actions/workflows/\(number)"),
            "html_url": .string(page),
            "badge_url": .string("\(repository.page)/workflows/deploy/badge.svg"),
        ]
    }

    /// The services are named by the input `services`: with blanks or commas between them, or as
    /// a JSON list.
    private func dispatch(_ request: SimulatedRequest) throws -> HTTPResponse {
        guard let body = request.document, body["ref"]?.string != nil else {
            throw GitHubRefusal(422, "Invalid request.\n\n\"ref\" wasn't supplied.")
        }
        let inputs = body["inputs"]
        let words = inputs?["services"]?.string ?? inputs?["service"]?.string ?? ""
        let services = words.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init)
        deploy(
            services, environment: inputs?["environment"]?.string ?? "production",
            event: "workflow_dispatch")
        return HTTPResponse(status: 204)
    }
}
