import Cryptography
import Foundation
import HTTP
import Testing

@testable import Simulation

@Suite struct WorldTests {
    private static func world(_ clock: VirtualClock) -> SimulatedWorld {
        SimulatedWorld(
            time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests(),
            readSeedImage: { _ in [:] })
    }

    @Test func eventsHappenAtTheirTimeAlsoWhenNoticedLater() {
        let clock = VirtualClock()
        let world = Self.world(clock)
        let start = clock.now()
        let times = Recorder()
        world.locked { core in
            core.schedule(after: .seconds(10)) {
                times.note(core.now)
                core.schedule(after: .seconds(5)) { times.note(core.now) }
            }
            core.schedule(after: .seconds(12)) { times.note(core.now) }
        }
        clock.advance(by: .seconds(3600))
        world.locked { _ in }
        #expect(times.noted.map { $0.timeIntervalSince(start) } == [10, 12, 15])
    }

    @Test func randomFaultsRepeatWithTheirSeed() {
        func faults(seed: UInt64) -> [Fault?] {
            let plan = FaultPlan.random(rate: 0.3, seed: seed, kinds: [.reset, .lostReply])
            return (0..<200).map { plan.fault($0, Self.request) }
        }
        #expect(faults(seed: 4) == faults(seed: 4))
        #expect(faults(seed: 4) != faults(seed: 5))
        #expect((30...90).contains(faults(seed: 4).count { $0 != nil }))
    }

    @Test func aFaultCanBeTiedToARequest() {
        let plan = FaultPlan.matching(.reset) { $0.method == "PUT" }
        #expect(plan.fault(0, Self.request) == nil)
        #expect(FaultPlan.at(3, .lostReply).fault(3, Self.request) == .lostReply)
        #expect(FaultPlan.at(3, .lostReply).fault(4, Self.request) == nil)
    }

    @Test func anUnknownHostIsNobody() async throws {
        let response = try await Self.world(VirtualClock()).send(
            HTTPRequest(.get, "https://example.org/"))
        #expect(response.status == 404)
    }

    private static let request = SimulatedRequest(
        method: "GET", origin: "https://example.org", host: "example.org", path: "/", query: "",
        headers: [], body: [])

    /// Collects times; used by one thread.
    private final class Recorder {
        private(set) var noted: [Date] = []
        func note(_ time: Date) { noted.append(time) }
    }
}
