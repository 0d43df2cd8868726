import Foundation
import Journal
import Resources
import Simulation
import Testing

@Suite struct RegisterLeaseTableTests {
    private let bench = LeaseBench()

    @Test func givesAllLeasesOrNone() async throws {
        let table = bench.table()
        let both = [bench.lease("r1", "api"), bench.lease("r1", "web")]
        let first = try await table.claim(LeaseBench.request("r1", ["web", "api"]))
        #expect(first == .granted(both, tookOver: []))
        let second = try await bench.table(seed: 2).claim(
            LeaseBench.request("r2", ["db", "web"], pid: 2))
        #expect(second == .refused(by: both[1]))
        #expect(try await table.leases() == both)
        #expect(bench.register.writes == 1)
    }

    @Test func renewsAllLeasesOfARunByOneWrite() async throws {
        let table = bench.table()
        let leases = try await table.claim(LeaseBench.request("r1", ["web", "api"])).leases
        bench.clock.advance(by: .seconds(20))
        let renewed = try await table.renew(leases)
        #expect(renewed.map(\.expires) == leases.map { $0.expires.addingTimeInterval(20) })
        #expect(try await bench.table().leases() == renewed)
        #expect(bench.register.writes == 2)
    }

    @Test func aLeaseGivenBackIsFreeAndKeepsItsGeneration() async throws {
        let table = bench.table()
        try await table.release(try await table.claim(LeaseBench.request("r1", ["web"])).leases)
        #expect(try await table.leases() == [])
        let again = try await table.claim(LeaseBench.request("r2", ["web"], pid: 2))
        #expect(
            again == .granted([bench.lease("r2", "web", pid: 2, generation: 2)], tookOver: []))
    }

    @Test func anExpiredLeaseIsTakenOverAndItsHolderKnows() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let (old, new) = (bench.table(), bench.table(seed: 2))
            let leases = try await old.claim(LeaseBench.request("r1", ["api", "web"])).leases
            bench.clock.advance(by: .seconds(61))
            let decision = try await new.claim(LeaseBench.request("r2", ["db", "web"], pid: 2))
            #expect(
                decision
                    == .granted(
                        [
                            bench.lease("r2", "db", pid: 2),
                            bench.lease("r2", "web", pid: 2, generation: 2),
                        ], tookOver: ["web"]))
            #expect(try await old.renew(leases).map(\.service) == ["api"])
            try await old.release(leases)
            #expect(try await new.leases().map(\.id) == ["r2", "r2"])
        }
    }

    @Test func aHolderProvenDeadIsTakenOverAtOnce() async throws {
        _ = try await bench.table().claim(LeaseBench.request("r1", ["web"]))
        var request = LeaseBench.request("r2", ["web"], pid: 2)
        request.provenDead = ["r1"]
        let decision = try await bench.table(seed: 2).claim(request)
        #expect(
            decision
                == .granted([bench.lease("r2", "web", pid: 2, generation: 2)], tookOver: ["web"]))
    }

    @Test func unlockingBreaksTheWholeRunAndTheNextTakesOver() async throws {
        let table = bench.table()
        let leases = try await table.claim(LeaseBench.request("r1", ["api", "web"])).leases
        _ = try await table.claim(LeaseBench.request("other", ["db"]))
        #expect(try await table.unlock("nobody") == [])
        #expect(try await bench.table(seed: 2).unlock("r1") == leases)
        #expect(try await table.renew(leases) == [])
        #expect(try await table.leases().map(\.id) == ["other"])
        let next = try await table.claim(LeaseBench.request("r2", ["api", "new"], pid: 2))
        #expect(
            next
                == .granted(
                    [
                        bench.lease("r2", "api", pid: 2, generation: 2),
                        bench.lease("r2", "new", pid: 2),
                    ], tookOver: ["api"]))
    }

    // MARK: - Concurrency

    @Test func anAnswerThatWasLostIsRecognised() async throws {
        bench.register.expect(.lostAnswer())
        let decision = try await bench.table().claim(LeaseBench.request("r1", ["web"]))
        #expect(decision == .granted([bench.lease("r1", "web")], tookOver: []))
        #expect(bench.register.writes == 1)
    }

    /// The claimant's write arrived and another's stands on it: its leases are still its own.
    @Test func aLostAnswerIsRecognisedUnderAnothersWrite() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let other = bench.table(seed: 2)
            _ = try await other.claim(LeaseBench.request("old", ["web"], pid: 3))
            clock.advance(by: .seconds(61))
            bench.register.expect(
                .lostAnswer(then: {
                    _ = try await other.claim(LeaseBench.request("r2", ["api"], pid: 2))
                }))
            let decision = try await bench.table().claim(LeaseBench.request("r1", ["web"]))
            guard case .granted(let leases, tookOver: ["web"]) = decision else {
                Issue.record("\(decision)")
                return
            }
            #expect(leases.map(\.generation) == [2])
            #expect(try await other.leases().map(\.id) == ["r2", "r1"])
            #expect(bench.register.writes == 3)
        }
    }

    @Test func manyRunsAtOnceLoseNoLease() async throws {
        try await withVirtualTime(seed: 5) { clock in
            let bench = LeaseBench(clock)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...12 {
                    group.addTask {
                        let table = bench.table(seed: UInt64(number))
                        let request = LeaseBench.request("r\(number)", ["s\(number)"])
                        let leases = try await table.claim(request).leases
                        for _ in 1...3 { #expect(try await table.renew(leases).count == 1) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bench.table().leases().count == 12)
        }
    }

    /// A table that renews knows only what it wrote last.
    @Test func aRenewalFindsTheLeaseUnderAnothersWrite() async throws {
        try await withVirtualTime { clock in
            let bench = LeaseBench(clock)
            let table = bench.table()
            let leases = try await table.claim(LeaseBench.request("r1", ["web"])).leases
            _ = try await bench.table(seed: 2).claim(LeaseBench.request("r2", ["api"], pid: 2))
            #expect(try await table.renew(leases).map(\.service) == ["web"])
            #expect(try await table.leases().map(\.service) == ["api", "web"])
        }
    }

    // MARK: - Clocks

    @Test func theStoresClockDecides() async throws {
        let ahead = bench.table(offset: .seconds(600))
        _ = try await ahead.claim(LeaseBench.request("r1", ["web"]))
        let lease = bench.lease("r1", "web", since: bench.clock.now().addingTimeInterval(600))
        #expect(try await ahead.leases() == [lease])
        bench.clock.advance(by: .seconds(59))
        #expect(
            try await ahead.claim(LeaseBench.request("r2", ["web"], pid: 2))
                == .refused(by: lease))
        bench.clock.advance(by: .seconds(2))
        #expect(
            try await ahead.claim(LeaseBench.request("r2", ["web"], pid: 2)).leases.count == 1)
    }

    @Test func aLeaseFromTheFutureIsAWrongClock() async throws {
        _ = try await bench.table(offset: .seconds(301)).claim(LeaseBench.request("r1", ["web"]))
        let before = bench.register.text
        await #expect(
            throws: StateError.wrongClock(
                location: "here",
                detail: "it is 2026-09-21T14:13:20.000Z here, but ada@laptop (process 1) took the "
                    + "lock of web at 2026-09-21T14:18:21.000Z")
        ) {
            try await bench.table().claim(LeaseBench.request("r2", ["web"], pid: 2))
        }
        #expect(bench.register.text == before)
        let near = LeaseBench()
        _ = try await near.table(offset: .seconds(299)).claim(LeaseBench.request("r1", ["web"]))
        guard case .refused = try await near.table().claim(LeaseBench.request("r2", ["web"]))
        else {
            Issue.record("a clock that is a little ahead is fine")
            return
        }
    }
}
