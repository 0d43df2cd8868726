import Simulation
import Synchronization
import Testing

@testable import Proxmox

@Suite struct SlotsTests {
    private final class Gauge: Sendable {
        private let count = Mutex((now: 0, most: 0))

        var most: Int { count.withLock { $0.most } }

        func enter() {
            count.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func leave() { count.withLock { $0.now -= 1 } }
    }

    @Test(arguments: 0..<5) func onlySoManyRunAtOnce(seed: UInt64) async throws {
        let gauge = Gauge()
        try await withVirtualTime(seed: seed) { clock in
            let slots = Slots()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await slots.within(3, of: "x") {
                            gauge.enter()
                            try await clock.sleep(for: .seconds(1))
                            gauge.leave()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(gauge.most == 3)
    }

    @Test func whoIsCancelledWhileWaitingGivesUp() async throws {
        try await withVirtualTime { clock in
            let slots = Slots()
            try await slots.within(1, of: "x") {
                let waiting = Task { try await slots.within(1, of: "x") {} }
                try await clock.sleep(for: .seconds(1))
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
            try await slots.within(1, of: "x") {}
        }
    }
}
