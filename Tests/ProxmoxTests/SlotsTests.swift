import Simulation
import Synchronization
import Testing

@testable import Proxmox

@Suite struct SlotsTests {
    @Test(arguments: 0..<5) func onlySoManyRunAtOnce(seed: UInt64) async throws {
        let most = try await withVirtualTime(seed: seed) { clock in
            let slots = Slots()
            let running = Mutex((now: 0, most: 0))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await slots.within(3, of: "x") {
                            running.withLock {
                                $0.now += 1
                                $0.most = max($0.most, $0.now)
                            }
                            try await clock.sleep(for: .seconds(1))
                            running.withLock { $0.now -= 1 }
                        }
                    }
                }
                try await group.waitForAll()
            }
            return running.withLock { $0.most }
        }
        #expect(most == 3)
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
