import Foundation
import Simulation
import Testing

@Suite struct VirtualTimeTests {
    @Test func sleepersWakeInOrderOfTheirDeadlines() async throws {
        let woken = try await withVirtualTime { clock in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for seconds in [30, 10, 20] {
                    group.addTask {
                        try await clock.sleep(for: .seconds(seconds))
                        return seconds
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
        }
        #expect(woken == [10, 20, 30])
    }

    @Test func aYearPassesAtOnce() async throws {
        let passed = try await withVirtualTime { clock in
            let start = clock.now()
            try await clock.sleep(for: .seconds(365 * 86400))
            return clock.now().timeIntervalSince(start)
        }
        #expect(passed == 365 * 86400)
    }

    @Test func cancellingWakesASleeper() async throws {
        try await withVirtualTime { clock in
            let start = clock.now()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await clock.sleep(for: .seconds(1000)) }
                try await clock.sleep(for: .seconds(1))
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect(clock.now().timeIntervalSince(start) == 1)
        }
    }

    @Test(arguments: 1...5) func oneSeedGivesOneOrder(seed: Int) async throws {
        @Sendable func order() async throws -> [Int] {
            try await withVirtualTime(seed: UInt64(seed)) { _ in
                await withTaskGroup(of: Int.self) { group in
                    for number in 0..<20 { group.addTask { number } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
        }
        let first = try await order()
        #expect(first.sorted() == Array(0..<20))
        #expect(try await order() == first)
    }
}
