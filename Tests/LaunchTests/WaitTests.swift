import Foundation
import Resources
import TestSupport
import Testing

/// `launch wait` as a user runs it.
@Suite(.timeLimit(.minutes(20))) struct WaitTests {
    /// Has the services deployed, as a push does.
    private func push(_ bench: Bench, _ services: Value...) async throws {
        try await bench.world.act(["action": "push", "services": .list(services)])
    }

    /// The same with every time as `T` and every span as `S`.
    private func timeless(_ text: String) -> String {
        text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "T")
            .replacing(/\+?\d+\.\ds/, with: "S")
    }

    @Test func aWorkerIsFollowedToItsHealth() async throws {
        try await withBench(["worker"], simulate: ["--job-time", "0s"]) { (bench) async throws in
            try await push(bench, "worker")
            #expect(try await bench.run("converge", "--yes").code == 0)
            let end = try await bench.run("wait", "worker")
            #expect(
                timeless(end.output) == """
                    worker
                      pushed               T
                      machine up           S
                      first boot done      S  (not seen; runner online proves it)
                      runner online        S
                      application healthy  S
                      application healthy S after the push

                    """)
            #expect(
                end.errors == "worker: first boot done\nworker: application healthy\n")
            #expect(end.code == 0)
            let status = try await bench.run("status")
            #expect(timeless(status.output).contains("application healthy  S"))
            let json = try await bench.run("wait", "worker", "--format", "json")
            let document = try #require(Value(json: Array(json.output.utf8)))
            #expect(document["services"]?.list?.first?["reached"] == true)
            if PublishedSchema.isCheckable {
                #expect(try PublishedSchema("timeline").complaint([json.output]) == nil)
            }
        }
    }

    @Test func anEarlierStageNeedsNoDeploy() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let end = try await bench.run("wait", "--for", "runner-online")
            #expect(end.code == 0)
            #expect(end.output.contains("  runner online "))
        }
    }

    @Test func aFailedDeployEndsWithItsLogAndNoSecret() async throws {
        try await withBench(["worker"], simulate: ["--job-time", "0s"]) { (bench) async throws in
            try await bench.world.act(["action": "break_deploys", "services": ["worker"]])
            try await push(bench, "worker")
            let end = try await bench.run("converge", "--yes", "--wait")
            #expect(end.code == 1)
            #expect(
                timeless(end.output).hasSuffix(
                    """
                      runner online        S
                      deploy (worker) ended as failure: \
                    https://github.com/example/services/actions/runs/9001/job/401
                        | Runner name: 'launch-example-worker'
                        | ##[group]Run docker compose up --detach --wait
                        | worker-1  | Error: cannot listen
                        | container worker-1 is unhealthy
                        | ##[error]Process completed with exit code 1.
                      → Read the deploy job's log; start the deploy workflow if there is no job.

                    """), "\(end.output)")
            for name in bench.credentials {
                let secret = try #require(bench.environment[name])
                #expect(!end.output.contains(secret) && !end.errors.contains(secret))
            }
            try await bench.world.act(["action": "mend_deploys", "services": ["worker"]])
            try await push(bench, "worker")
            #expect(try await bench.run("wait").code == 0)
        }
    }

    @Test func aWaitThatWasKilledIsTakenUp() async throws {
        try await withBench(["worker"], simulate: ["--job-time", "0s"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let run = try bench.start("wait")
            try await until { run.errors.contains("first boot done") }
            run.send(SIGKILL)
            #expect(await run.outcome().code == 128 + SIGKILL)
            try await push(bench, "worker")
            #expect(try await bench.run("wait", "--lock-timeout", "60s").code == 0)
        }
    }

    @Test func anInterruptEndsTheWaitOfAConvergeAtOnce() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let run = try bench.start("converge", "--yes", "--wait")
            try await until { run.errors.contains("first boot done") }
            run.send(SIGINT)
            #expect(await run.outcome().code == 130)
        }
    }

    @Test func anUnknownStageIsRefused() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            let end = try await bench.run("wait", "--for", "lunch")
            #expect(end.code != 0)
            #expect(end.errors.contains("certificate-valid"))
        }
    }
}
