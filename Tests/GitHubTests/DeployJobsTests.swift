import Cryptography
import Foundation
import GitHub
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct DeployJobsTests {
    private static let runner = RunnerIdentity(
        name: "launch-acme-web", labels: ["web", "production"])

    private static func jobs(_ fixture: GitHubFixture) -> DeployJobs {
        DeployJobs(
            repository: GitHubFixture.repository, environment: fixture.world.environment,
            client: LogsUnchecked(fixture.world), time: fixture.clock,
            random: SeededRandom(seed: 1), sign: { RSASignature.sign($0, with: $1) })
    }

    private static func change(
        _ fixture: GitHubFixture, _ body: (SimulatedActions) -> Void
    ) {
        fixture.world.locked {
            $0.github?.actions(of: GitHubFixture.repository).map(body)
        }
    }

    @Test func aJobWaitsForItsRunnerRunsAndEnds() async throws {
        let fixture = GitHubFixture(VirtualClock())
        let jobs = Self.jobs(fixture)
        #expect(try await jobs.newest(of: [Self.runner]).isEmpty)
        Self.change(fixture) {
            $0.deploy(["web", "api"], environment: "production", event: "push")
        }
        #expect(try await jobs.newest(of: [Self.runner])[Self.runner]?.state == .queued)
        fixture.runners { $0.add(named: "other", labels: ["api", "production"]) }
        #expect(try await jobs.newest(of: [Self.runner])[Self.runner]?.state == .queued)
        fixture.runners {
            $0.add(named: Self.runner.name, labels: ["WEB", "production", "x"], online: false)
            $0.setOnline(true, named: Self.runner.name)
        }
        #expect(try await jobs.newest(of: [Self.runner])[Self.runner]?.state == .running)
        fixture.clock.advance(by: .seconds(60))
        let job = try #require(try await jobs.newest(of: [Self.runner])[Self.runner])
        #expect(job.state == .succeeded)
        #expect(job.completedAt != nil)
        #expect(
            try await jobs.logTail(of: job, lines: 2) == [
                "##[group]Run docker compose up --detach --wait", "Container web-1  Healthy",
            ])
    }

    @Test func theNewestRunCounts() async throws {
        let fixture = GitHubFixture(VirtualClock())
        let jobs = Self.jobs(fixture)
        fixture.runners { $0.add(named: Self.runner.name, labels: Self.runner.labels) }
        for failing in [Set<String>(), ["web"]] {
            Self.change(fixture) {
                $0.jobs.failing = failing
                $0.deploy(["web"], environment: "production", event: "push")
            }
            fixture.clock.advance(by: .seconds(60))
        }
        let job = try #require(try await jobs.newest(of: [Self.runner])[Self.runner])
        #expect(job.state == .failed("failure"))
        #expect(
            try await jobs.logTail(of: job).last == "##[error]Process completed with exit code 1.")
        #expect(job.page == "https://github.com/example/services/actions/runs/9002/job/402")
    }

    /// A repository that deploys by a workflow of its own has its jobs found among all runs.
    @Test func anotherWorkflowMayDeploy() async throws {
        let fixture = GitHubFixture(VirtualClock())
        fixture.runners { $0.add(named: Self.runner.name, labels: Self.runner.labels) }
        Self.change(fixture) { $0.deploy(["web"], environment: "production", event: "push") }
        let jobs = DeployJobs(
            repository: GitHubFixture.repository, environment: fixture.world.environment,
            client: WithoutDeployWorkflow(world: fixture.world), time: fixture.clock,
            random: SeededRandom(seed: 1), sign: { RSASignature.sign($0, with: $1) })
        #expect(try await jobs.newest(of: [Self.runner])[Self.runner]?.state == .running)
    }

    @Test func aDispatchQueuesAJobForEachService() async throws {
        let fixture = GitHubFixture(VirtualClock())
        let body: Value = ["ref": "main", "inputs": ["services": "web, api"]]
        let token = fixture.world.environment["GITHUB_TOKEN"] ?? ""
        let answer = try await LogsUnchecked(fixture.world).send(
            HTTPRequest(
                .post,
                "https://api.github.com/repos/example/services/actions/workflows/deploy.yml/dispatches",
                headers: [
                    HTTPHeader("Authorization", "Bearer \(token)"), HTTPHeader("User-Agent", "t"),
                    HTTPHeader("Content-Type", "application/json"),
                ], body: try .json(body)))
        #expect(answer.status == 204)
        #expect(
            try await Self.jobs(fixture).newest(of: [Self.runner])[Self.runner]?.name
                == "deploy (web)")
    }
}

/// Checks what GitHub's API description describes: the storage of logs is not in it.
private struct LogsUnchecked: HTTPClient {
    private let world: SimulatedWorld
    private let checked: any HTTPClient

    init(_ world: SimulatedWorld) {
        self.world = world
        checked = GitHubFixture.document.map { OpenAPIChecker(world, against: $0) } ?? world
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let isDescribed =
            !request.url.contains("/logs") && !request.url.contains("/_logs/")
        return try await (isDescribed ? checked : world).send(request)
    }
}

private struct WithoutDeployWorkflow: HTTPClient {
    let world: SimulatedWorld

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.url.contains("/workflows/deploy.yml/") else {
            return try await world.send(request)
        }
        return HTTPResponse(status: 404, body: Array(#"{"message": "Not Found"}"#.utf8))
    }
}
