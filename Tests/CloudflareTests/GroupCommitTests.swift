import Resources
import Simulation
import Synchronization
import Testing

@testable import Cloudflare

@Suite struct GroupCommitTests {
    private struct Refusal: Error {}

    /// Keeps the groups that were carried out.
    private final class Desk: Sendable {
        let groups = Mutex<[[Int]]>([])
        let clock: VirtualClock
        let commit: GroupCommit<Int, Int>

        init(_ clock: VirtualClock, limit: Int = 100) {
            self.clock = clock
            commit = GroupCommit(limit: limit)
        }

        /// Takes ten seconds for any number of items; refuses negative ones.
        func submit(_ item: Int) async throws -> Int {
            try await commit.submit(item) { items in
                self.groups.withLock { $0.append(items) }
                try await self.clock.sleep(for: .seconds(10))
                if items.contains(0) { throw Refusal() }
                return items.map { $0 < 0 ? .failure(Refusal()) : .success($0 * 10) }
            }
        }
    }

    private static func outcomes(_ items: [Int], at desk: Desk) async -> [Int?] {
        let all = try? await items.concurrentMap(atOnce: items.count) { item in
            try? await desk.submit(item)
        }
        return all ?? []
    }

    @Test func whatComesMeanwhileGoesTogether() async throws {
        try await withVirtualTime { clock in
            let desk = Desk(clock, limit: 3)
            let outcomes = await Self.outcomes([1, 2, 3, 4, 5], at: desk)
            #expect(outcomes == [10, 20, 30, 40, 50])
            #expect(desk.groups.withLock { $0 } == [[1, 2, 3], [4, 5]])
            #expect(await Self.outcomes([6], at: desk) == [60])
        }
    }

    @Test func aRefusalIsForThoseThatItConcerns() async throws {
        try await withVirtualTime { clock in
            #expect(await Self.outcomes([1, -2, 3], at: Desk(clock)) == [10, nil, 30])
            #expect(await Self.outcomes([1, 0, 3], at: Desk(clock)) == [nil, nil, nil])
        }
    }

    /// One that was cancelled while it waited, or while it led its group.
    @Test(arguments: [(5, [[9], [2]]), (15, [[9], [1, 2], [2]])])
    func whoIsCancelledLosesNobodyElse(seconds: Int, groups: [[Int]]) async throws {
        try await withVirtualTime { clock in
            let desk = Desk(clock)
            async let first = desk.submit(9)
            try await clock.sleep(for: .milliseconds(100))
            async let cancelled = withTaskGroup(of: Int?.self) { group in
                group.addTask { try? await desk.submit(1) }
                try? await clock.sleep(for: .seconds(seconds))
                group.cancelAll()
                return await group.next() ?? nil
            }
            try await clock.sleep(for: .milliseconds(100))
            async let other = desk.submit(2)
            #expect(try await [first, other] == [90, 20])
            #expect(await cancelled == nil)
            #expect(desk.groups.withLock { $0 } == groups)
        }
    }
}
