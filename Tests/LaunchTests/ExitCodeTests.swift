import Foundation
import Testing

/// The exit codes of the contract, with what people read beside them.
@Suite(.timeLimit(.minutes(20))) struct ExitCodeTests {
    @Test func detailedExitCodes() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("plan").code == 0)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 2)
            #expect(try await bench.run("drift", "--detailed-exitcode").code == 2)
            #expect(try await bench.run("converge", "--yes").code == 0)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
            #expect(
                try await bench.run("drift", "--detailed-exitcode")
                    == Outcome(0, output: "No drift.\n"))
        }
    }

    @Test func whoHoldsTheLockIsTold() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            let holder = try bench.start("converge", "librechat", "--yes")
            try await until { try await bench.world.inventory()["ec2 instance"] == 1 }
            let state = try await bench.run("state", "list")
            let refused = try await bench.run("destroy", "librechat", "--yes")
            #expect(refused.code == 3)
            #expect(refused.output.isEmpty)
            let told = refused.errors.wholeMatch(
                of:
                    /Error: librechat: locked by ada@\S+ \(process (\d+)\) since (\S+), for: converge librechat \(lease [0-9a-f]{16}\)\n→ Wait for it, for example with `--lock-timeout 10m`; the lock of a dead run ends by itself.\n/
            )
            #expect(told.map { Int32($0.1) } == holder.identifier)
            #expect(try await bench.world.inventory()["ec2 instance"] == 1)
            #expect(state.code == 0)
            holder.send(SIGKILL)
            #expect(await holder.outcome().code == 128 + SIGKILL)
            #expect(try await bench.run("destroy", "--all", "--yes", "--with-data").code == 0)
            #expect(try await bench.world.inventory() == [:])
        }
    }

    /// Neither the spec nor the state is touched under another run's hands.
    @Test func acceptingWaitsForTheLockToo() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            let holder = try bench.start("converge", "librechat", "--yes")
            try await until { try await bench.world.inventory()["ec2 instance"] == 1 }
            let spec = bench.repository.appending(path: "services/librechat/service.yaml")
            let before = try Data(contentsOf: spec)
            let refused = try await bench.run("drift", "--accept", "librechat/aws.instance")
            #expect(refused.code == 3)
            #expect(refused.output.isEmpty)
            #expect(refused.errors.hasPrefix("Error: librechat: locked by ada@"))
            #expect(try Data(contentsOf: spec) == before)
            holder.send(SIGKILL)
            _ = await holder.outcome()
        }
    }

    @Test func aRunThatWaitsForTheLockGoesOn() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "10s"]) {
            (bench) async throws in
            let holder = try bench.start("converge", "--yes")
            try await until { holder.errors.contains("waiting for runner") }
            holder.send(SIGSTOP)
            let waiter = try bench.start("converge", "--yes", "--lock-timeout", "10m")
            try await until { waiter.errors.hasPrefix("Waiting: librechat: locked by ada@") }
            holder.send(SIGCONT)
            #expect(await holder.outcome().code == 0)
            let end = await waiter.outcome()
            #expect(end.code == 0)
            #expect(end.output.hasPrefix("No changes. "))
        }
    }

    /// Nobody has to wait for a run that has not begun.
    @Test func anInterruptedWaitEndsAtOnce() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            let holder = try bench.start("converge", "--yes")
            try await until { try await bench.world.inventory()["ec2 instance"] == 1 }
            let waiter = try bench.start("converge", "--yes", "--lock-timeout", "10m")
            try await until { waiter.errors.hasPrefix("Waiting: ") }
            waiter.send(SIGINT)
            let end = await waiter.outcome()
            #expect(end.code == 130)
            #expect(end.errors.hasSuffix("Error: interrupted\n"))
            holder.send(SIGKILL)
            _ = await holder.outcome()
        }
    }

    @Test func limitsRefuse() async throws {
        try await withBench { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let before = try await bench.footprint()
            try bench.edit("launch.yaml", "deletes: 3", "deletes: 0")
            try FileManager.default.removeItem(
                at: bench.repository.appending(path: "services/worker"))
            let refused = try await bench.run("converge", "--yes")
            #expect(refused.code == 4)
            #expect(
                refused.errors == """
                    Error: the plan would delete 3 objects, and launch.yaml allows 0 \
                    (limits.deletes)
                    → Check the plan; if it is right, run it again with --allow-deletes 3.

                    """)
            #expect(try await bench.footprint() == before)
            #expect(try await bench.run("converge", "--yes", "--allow-deletes", "3").code == 0)
            #expect(try await bench.world.inventory()["proxmox container"] == nil)
        }
    }

    @Test func protectRefuses() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            try bench.edit(
                "services/librechat/service.yaml", "kind: web", "kind: web\nprotect: true")
            #expect(try await bench.run("converge", "--yes").code == 0)
            let before = try await bench.footprint()
            let refused = try await bench.run("destroy", "librechat", "--yes")
            #expect(refused.code == 4)
            #expect(
                refused.errors == """
                    Error: librechat/aws.instance is protected, and the plan would delete it
                    → Set `protect: false` in services/librechat/service.yaml, run `launch \
                    converge librechat`, then this again.

                    """)
            #expect(try await bench.footprint() == before)
        }
    }

    @Test func nothingIsTakenDownUnasked() async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("converge").code == 0)
            let before = try await bench.footprint()
            let refused = try await bench.run("destroy", "--all")
            #expect(refused.code == 1)
            #expect(
                refused.errors == """
                    Error: there is nobody to ask
                    → Say --yes to take it down without a question.

                    """)
            #expect(try await bench.footprint() == before)
        }
    }

    @Test func aRunThatTakesTooLong() async throws {
        try await withBench(["librechat"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            let late = try await bench.run("converge", "--yes", "--timeout", "3s")
            #expect(late.code == 1)
            #expect(
                late.errors.hasSuffix(
                    """
                    Error: the run took longer than --timeout 3s
                    → Run it again; Launch goes on where it stopped.

                    """))
            let end = try await bench.run("destroy", "--all", "--yes", "--with-data")
            #expect(end.code == 0, "\(end.errors)")
            #expect(try await bench.world.inventory() == [:])
        }
    }
}
