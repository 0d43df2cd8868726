import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import Testing

/// One request in ten goes wrong, in every way there is; converging again and again gets there.
@Suite struct FaultTests {
    private static let kinds: [Fault] = [
        .delay(.seconds(2)), .reset, .lostReply, .status(503, retryAfter: nil),
        .status(429, retryAfter: 1), .vendor(.throttled), .vendor(.taskFails),
        .vendor(.noCapacity),
    ]

    /// One service of every kind is made, gets another size, and goes.
    @Test(arguments: UInt64(1)...20)
    func aFaultyWorldIsConvergedInAFewRuns(seed: UInt64) async throws {
        let problems = try await withVirtualTime(seed: seed) { clock in
            let fleet = Fleet(clock)
            let full = Repository.full(in: fleet.world).with { $0.protect = false }
            let changed = full.with { service in
                service.ingress = []
                if !service.spot { service.size = .named(.large) }
            }
            let goals = [
                (full, Repository.fullInventory), (changed, Repository.fullInventory),
                (full.emptied, [:]),
            ]
            var problems: [String] = []
            for (number, (goal, inventory)) in goals.enumerated() {
                fleet.world.setFaults(
                    .random(rate: 0.1, seed: seed * 1000 + UInt64(number), kinds: Self.kinds))
                let failures = await fleet.failures(convergingRepeatedly: goal)
                fleet.world.setFaults(.none)
                let shortfalls = try await fleet.shortfalls(of: goal)
                problems += (failures + shortfalls).map { "goal \(number + 1): \($0)" }
                if fleet.world.inventory != inventory {
                    problems.append("goal \(number + 1): there is \(fleet.world.inventory)")
                }
            }
            return problems
        }
        #expect(problems == [])
    }
}

extension Fleet {
    /// Converges until nothing fails, but not more than eight times.
    ///
    /// - Returns: what failed in the last run; one that cannot even look fails as a whole.
    func failures(convergingRepeatedly goal: Repository) async -> [String] {
        var failures: [String] = []
        for _ in 1...8 {
            do {
                failures = try await converge(goal).failures.map { "\($0.address): \($0.message)" }
            } catch {
                failures = ["\(error)"]
            }
            if failures.isEmpty { break }
        }
        return failures
    }
}
