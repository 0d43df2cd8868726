import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

@Suite struct InMemoryStateStoreTests {
    private struct Kill: Error {}

    @Test(arguments: StateStoreContract.Rule.allCases)
    func honoursTheContract(_ rule: StateStoreContract.Rule) async throws {
        let contract = StateStoreContract { clock, terms in
            InMemoryStateStore(
                project: StateStoreContract.project, time: clock, random: SeededRandom(seed: 1),
                terms: terms)
        }
        try await contract.check(rule)
    }

    @Test(arguments: [true, false]) func aKillStrikesBeforeOrAfterTheWrite(before: Bool)
        async throws
    {
        let kill: @Sendable () throws -> Void = { throw Kill() }
        let store = InMemoryStateStore(
            project: "acme", time: VirtualClock(), random: SeededRandom(seed: 1),
            beforeWrite: before ? kill : nil, afterWrite: before ? nil : kill)
        let claim = LeaseClaim(
            holder: LeaseHolder(user: "ada", host: "laptop", pid: 1, runURL: nil),
            purpose: "converge", patience: .zero)
        await #expect(throws: Kill.self) {
            try await store.exclusively(["web"], claim: claim) { writer in
                try await writer.describe("web") { $0.url = "https://web.example.com" }
            }
        }
        #expect(try await store.read().serial == (before ? 0 : 1))
    }
}
