import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

@Suite struct TurnstileTests {
    private final class Room: Sendable {
        private let counts = Mutex((now: 0, most: 0, visits: 0))

        var most: Int { counts.withLock { $0.most } }
        var visits: Int { counts.withLock { $0.visits } }

        func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.visits) } }
        func leave() { counts.withLock { $0 = ($0.now - 1, $0.most, $0.visits + 1) } }
    }

    @Test func oneAfterTheOtherAlsoAfterAFailure() async throws {
        try await withVirtualTime { clock in
            let (turnstile, room) = (Turnstile(), Room())
            await withTaskGroup { group in
                for number in 1...20 {
                    group.addTask {
                        try? await turnstile.pass {
                            room.enter()
                            defer { room.leave() }
                            try await clock.sleep(for: .seconds(1))
                            if number.isMultiple(of: 3) { throw CancellationError() }
                        }
                    }
                }
            }
            #expect(room.most == 1)
            #expect(room.visits == 20)
        }
    }
}
