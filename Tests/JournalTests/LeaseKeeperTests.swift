import Foundation
import Journal
import Resources
import Simulation
import Synchronization
import Testing

/// Waiting, evidence of death, and what a holder knows of its own leases.
@Suite struct LeaseKeeperTests {
    /// Says of one run that it has ended, from some moment on, and counts the questions.
    private final class Oracle: DeathEvidence {
        let interval: Duration
        private let clock: VirtualClock
        private let deathOf: Int
        private let after: Date
        private let asked = Mutex<[Double]>([])

        init(_ clock: VirtualClock, _ deathOf: Int, after: Duration, interval: Duration) {
            self.clock = clock
            self.deathOf = deathOf
            self.after = clock.now().addingTimeInterval(after / .seconds(1))
            self.interval = interval
        }

        var questions: [Double] { asked.withLock { $0 } }

        func isDead(_ holder: LeaseHolder, seenFrom witness: LeaseHolder) async -> Bool {
            asked.withLock { $0.append(clock.now().timeIntervalSince1970) }
            return holder.pid == deathOf && clock.now() >= after
        }
    }

    @Test func evidenceFromAfarIsAskedForNowAndThen() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let oracle = Oracle(clock, 1, after: .seconds(40), interval: .seconds(15))
            let start = clock.now()
            try await bench.keeper().holding(["web"], LeaseBench.claim(1)) { _ in
                let patient = LeaseBench.claim(2, patience: .seconds(600))
                let keeper = bench.keeper(seed: 2, evidence: [oracle])
                try await keeper.holding(["web"], patient) { held in
                    #expect(held.tookOver == ["web"])
                    #expect(held.leases.map(\.generation) == [2])
                    #expect((45...47).contains(clock.now().timeIntervalSince(start)))
                }
            }
            let pauses = zip(oracle.questions.dropFirst(), oracle.questions).map { $0 - $1 }
            #expect(pauses.count == 3)
            #expect(pauses.allSatisfy { (15...17).contains($0) })
        }
    }

    @Test func anImpatientRunAsksForEvidenceAsWell() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let silent = Oracle(clock, 9, after: .zero, interval: .zero)
            let oracle = Oracle(clock, 1, after: .zero, interval: .seconds(15))
            try await bench.keeper().holding(["api", "web"], LeaseBench.claim(1)) { _ in
                let keeper = bench.keeper(seed: 2, evidence: [silent, oracle])
                try await keeper.holding(["api", "web"], LeaseBench.claim(2)) { held in
                    #expect(held.tookOver == ["api", "web"])
                }
            }
            #expect(oracle.questions.count == 1)
        }
    }

    @Test(arguments: [
        (1, "laptop", true), (1, "server", false), (2, "laptop", false),
    ])
    func onlyAProcessMissingFromThisHostIsDead(pid: Int, host: String, isDead: Bool) async {
        let evidence = ProcessEvidence { $0 != 1 }
        let holder = LeaseHolder(user: "ada", host: "laptop", pid: pid, runURL: nil)
        let witness = LeaseHolder(user: "bob", host: host, pid: 3, runURL: nil)
        #expect(await evidence.isDead(holder, seenFrom: witness) == isDead)
    }

    /// Whom a run was seen to wait for.
    private final class Holders: Sendable {
        private let seen = Mutex<[Int]>([])
        var numbers: [Int] { seen.withLock { $0 } }
        func add(_ holder: LeaseHolder) { seen.withLock { $0.append(holder.pid) } }
    }

    /// Held by one run after the other, then free.
    private final class Relay: LeaseTable {
        private let refusals: Mutex<[Lease]>

        init(_ refusals: [Lease]) { self.refusals = Mutex(refusals) }

        func claim(_ request: LeaseRequest) async throws -> LeaseDecision {
            let refusal = refusals.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            return refusal.map { .refused(by: $0) } ?? .granted([], tookOver: [])
        }

        func renew(_ leases: [Lease]) async throws -> [Lease] { leases }
        func release(_ leases: [Lease]) async throws {}
        func unlock(_ id: String) async throws -> [Lease] { [] }
    }

    @Test func whoWaitsIsToldAgainWhenTheHolderChanges() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let (first, second) = (bench.lease("r1", "web"), bench.lease("r2", "web", pid: 2))
            let told = Holders()
            let keeper = LeaseKeeper(
                Relay([first, first, second, second]), terms: bench.terms(), time: clock,
                random: SeededRandom(seed: 1), whenWaiting: { told.add($0.holder) })
            let patient = LeaseBench.claim(3, patience: .seconds(600))
            try await keeper.holding(["web"], patient) { _ in }
            #expect(told.numbers == [1, 2])
        }
    }

    // MARK: - What a holder knows

    @Test func aHeldLeaseIsProvenAsLongAsItIsRenewed() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            try await bench.keeper().holding(["web"], LeaseBench.claim(1)) { held in
                for _ in 1...50 {
                    try await clock.sleep(for: .seconds(7))
                    try held.proof.check("web")
                }
                #expect(throws: StateError.leaseLost(service: "api")) {
                    try held.proof.check("api")
                }
            }
        }
    }

    @Test func aRunThatCannotRenewStopsBeforeItsLeaseEnds() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let start = clock.now()
            try await bench.keeper().holding(["web"], LeaseBench.claim(1)) { held in
                for _ in 1...20 { bench.register.expect(.unreachable) }
                var provenFor = 0
                while (try? held.proof.check("web")) != nil {
                    try await clock.sleep(for: .seconds(1))
                    provenFor += 1
                }
                #expect(provenFor == 55)
                #expect(
                    try await bench.table().leases().map(\.expires) == [
                        start.addingTimeInterval(60)
                    ])
            }
        }
    }

    @Test func aFailedBeatIsFollowedByAnotherSoon() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            try await bench.keeper().holding(["web"], LeaseBench.claim(1)) { held in
                for _ in 1...6 { bench.register.expect(.unreachable) }
                try await clock.sleep(for: .seconds(54))
                try held.proof.check("web")
                try await clock.sleep(for: .seconds(10))
                try held.proof.check("web")
            }
        }
    }

    @Test func aBeatThatFindsTheLeaseGoneTellsAtOnce() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            try await bench.keeper().holding(["api", "web"], LeaseBench.claim(1)) { held in
                let id = try #require(held.leases.first?.id)
                #expect(try await bench.table(seed: 2).unlock(id).count == 2)
                try held.proof.check("web")
                try await clock.sleep(for: .seconds(21))
                #expect(throws: StateError.leaseLost(service: "web")) {
                    try held.proof.check("web")
                }
            }
            #expect(try await bench.table().leases() == [])
        }
    }

    /// The machine slept beyond the end, and nobody came meanwhile.
    @Test func aRunThatWasPausedHoldsAgainOnceItIsRenewed() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            try await bench.keeper().holding(["web"], LeaseBench.claim(1)) { held in
                try await clock.sleep(for: .seconds(1))
                clock.advance(by: .seconds(500))
                #expect(throws: StateError.leaseLost(service: "web")) {
                    try held.proof.check("web")
                }
                try await clock.sleep(for: .seconds(1))
                try held.proof.check("web")
            }
        }
    }
}
