import Reconciling
import Resources
import ServiceFiles
import Simulation
import Testing

/// One request in twenty goes wrong, in every way there is; converging again and again gets there.
@Suite struct FaultTests {
    private static let kinds: [Fault] = [
        .delay(.seconds(2)), .reset, .lostReply, .status(503, retryAfter: nil),
        .status(429, retryAfter: 1), .vendor(.throttled), .vendor(.taskFails),
        .vendor(.noCapacity),
    ]

    @Test(arguments: UInt64(1)...30) func aFaultyWorldIsConvergedInAFewRuns(seed: UInt64)
        async throws
    {
        let repository = try Repository.examples()
        let problems = try await withVirtualTime(seed: seed) { clock in
            let fleet = Fleet(clock)
            fleet.world.setFaults(.random(rate: 0.05, seed: seed, kinds: Self.kinds))
            var problems: [String] = []
            for _ in 1...5 {
                problems = await self.problems(converging: repository, fleet)
                if problems.isEmpty { break }
            }
            fleet.world.setFaults(.none)
            if fleet.world.inventory != Repository.examplesInventory {
                problems.append("there is \(fleet.world.inventory)")
            }
            return problems + (try await fleet.shortfalls(of: repository))
        }
        #expect(problems == [])
    }

    /// A run that cannot even look at the world fails as a whole.
    private func problems(converging repository: Repository, _ fleet: Fleet) async -> [String] {
        do {
            return try await fleet.converge(repository).failures.map {
                "\($0.address): \($0.message)"
            }
        } catch {
            return ["\(error)"]
        }
    }
}
