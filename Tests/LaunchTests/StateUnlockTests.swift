import Foundation
import Testing

/// A lock is taken from the run that holds it.
@Suite(.timeLimit(.minutes(20))) struct StateUnlockTests {
    @Test func aHeldLockIsBroken() async throws {
        try await withBench(["worker"], simulate: ["--boot-time", "1h"]) {
            (bench) async throws in
            #expect(
                try await bench.run("state", "unlock", "beef")
                    == Outcome(1, errors: "Error: there is no lease beef: nothing is locked\n"))
            let holder = try bench.start("converge", "--yes")
            try await until { holder.errors.contains("waiting for runner") }

            let refused = try await bench.run("destroy", "worker", "--yes")
            #expect(refused.code == 3)
            let id = try #require(refused.errors.firstMatch(of: /\(lease ([0-9a-f]+)\)/)?.1)
            let unknown = try await bench.run("state", "unlock", "beef")
            #expect(unknown.code == 1)
            #expect(
                unknown.errors.contains(
                    /Error: there is no lease beef; there are:\n  worker: locked by ada@.*, for: converge \(lease [0-9a-f]+\)\n→ Name one of these\.\n$/
                ), "\(unknown.errors)")

            let broken = try await bench.run("state", "unlock", String(id))
            #expect(broken.code == 0, "\(broken.errors)")
            #expect(
                broken.output.contains(
                    /^worker: unlocked; it was locked by ada@\S+ \(process \d+\) since \S+, for: converge\n$/
                ), "\(broken.output)")
            let destroyed = try await bench.run("destroy", "worker", "--yes")
            #expect(destroyed.code == 0, "\(destroyed.errors)")
            #expect(try await bench.world.inventory() == [:])
            holder.send(SIGKILL)
            _ = await holder.outcome()
        }
    }
}
