import Foundation
import Testing

/// A process that dies, or is told to stop, at any moment: the next run ends with one of
/// everything.
@Suite(.timeLimit(.minutes(20))) struct KillTests {
    /// Starts a run and kills it after so many requests of it.
    private func kill(_ bench: Bench, after requests: Int, _ arguments: String...) async throws {
        let run = try await bench.world.hold(after: requests) { try bench.start(arguments) }
        run.send(SIGKILL)
        #expect(await run.outcome().code == 128 + SIGKILL)
        try await bench.world.release()
    }

    /// The numbers of requests were drawn at random, once.
    @Test(arguments: [3, 12, 25, 45, 70, 100])
    func convergeIsKilled(afterRequests requests: Int) async throws {
        try await withBench { (bench) async throws in
            try await kill(bench, after: requests, "converge", "--yes")
            try await expectRescue(of: bench)
        }
    }

    /// Every machine restarts with another size.
    @Test(arguments: [5, 22, 40])
    func anUpdateIsKilled(afterRequests requests: Int) async throws {
        try await withBench { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            for (service, size) in [("librechat", "medium"), ("mcp", "small"), ("worker", "small")]
            {
                try bench.edit("services/\(service)/service.yaml", "size: \(size)", "size: large")
            }
            try await kill(bench, after: requests, "converge", "--yes")
            try await expectRescue(of: bench)
        }
    }

    /// A new run ends with one of everything, and a third has nothing to do.
    private func expectRescue(of bench: Bench) async throws {
        let second = try await bench.run("converge", "--yes")
        #expect(second.code == 0, "\(second.errors)")
        #expect(try await bench.world.inventory() == Bench.everything)
        let third = try await bench.run("converge", "--yes")
        #expect(third.code == 0)
        #expect(third.output.hasPrefix("No changes. 17 objects are as the specs say.\n"))
    }

    @Test(arguments: [9, 22, 34])
    func destroyIsKilled(afterRequests requests: Int) async throws {
        try await withBench { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            try await kill(bench, after: requests, "destroy", "--all", "--yes", "--with-data")
            let second = try await bench.run("destroy", "--all", "--yes", "--with-data")
            #expect(second.code == 0, "\(second.errors)")
            #expect(try await bench.world.inventory() == [:])
            #expect(try await bench.run("state", "list") == Outcome(0))
        }
    }

    @Test func anInterruptedRunRecordsWhatItDid() async throws {
        try await withBench(["worker"], simulate: ["--task-time", "5s"]) { (bench) async throws in
            let run = try bench.start("converge", "--yes")
            try await until { try await bench.world.inventory()["proxmox container"] == 1 }
            run.send(SIGINT)
            let end = await run.outcome()
            #expect(end.code == 130)
            #expect(
                end.errors.contains(
                    "\nStopping: what runs may end. Press Ctrl-C again to abandon it.\n"))
            #expect(
                end.errors.contains(
                    /\n1 created, 3 steps not begun, interrupted in \S+\. \d+ requests \(github \d+, proxmox \d+\)\.\n$/
                ))
            #expect(
                try await bench.run("state", "list").output.contains(
                    /^worker\/proxmox\.lxc  \d+\n$/))
            #expect(try await bench.run("converge", "--yes").code == 0)
            #expect(
                try await bench.world.inventory() == ["github runner": 1, "proxmox container": 1])
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test func aSecondInterruptAbandonsWhatRuns() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            let run = try bench.start("converge", "--yes")
            try await until { run.errors.contains("waiting for runner") }
            run.send(SIGINT)
            try await until { run.errors.contains("Stopping: ") }
            run.send(SIGINT)
            #expect(await run.outcome().code == 130)
            #expect(try await bench.run("state", "list").output.contains("librechat/aws.instance"))
            let end = try await bench.run("destroy", "--all", "--yes", "--with-data")
            #expect(end.code == 0, "\(end.errors)")
            #expect(try await bench.world.inventory() == [:])
        }
    }
}
