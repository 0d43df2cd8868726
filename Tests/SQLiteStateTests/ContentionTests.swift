import Foundation
import GRDB
import Journal
import Resources
import Simulation
import Testing

@testable import SQLiteState

/// Each `SQLiteObjects` has a connection of its own, which SQLite keeps from the others as if it
/// were of another process.
@Suite struct ContentionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func noCountIsLost() async throws {
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...8 {
                group.addTask {
                    let objects = folder.objects(time: StandingClock())
                    for _ in 1...25 { try await count(up: objects) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await folder.objects().get("count")?.bytes == [200])
    }

    @Test func onlyOneMakesAnObject() async throws {
        let folder = folder
        let winners = try await withThrowingTaskGroup(of: [Int].self) { group in
            for writer in 0..<8 as Range<UInt8> {
                group.addTask {
                    let objects = folder.objects(time: StandingClock())
                    var won: [Int] = []
                    for position in 0..<20 {
                        let result = try await objects.put("\(position)", [writer], if: .absent)
                        if result != .refused { won.append(position) }
                    }
                    return won
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(winners.sorted() == Array(0..<20))
    }

    @Test func waitsUntilTheFileIsFree() async throws {
        _ = try await folder.objects().put("a", [1], if: .absent)
        let other = try otherProcess()
        let path = folder.statePath
        try await withVirtualTime { clock in
            try begin(.exclusive, other)
            async let written = objects(at: path, clock).put("b", [2], if: .absent)
            async let read = objects(at: path, clock).get("a")
            try await clock.sleep(for: .seconds(10))
            try end(other)
            #expect(try await written != .refused)
            #expect(try await read?.bytes == [1])
        }
    }

    @Test func givesUpAfterHalfAMinute() async throws {
        _ = try await folder.objects().put("a", [1], if: .absent)
        let other = try otherProcess()
        let path = folder.statePath
        try begin(.immediate, other)
        try await withVirtualTime { clock in
            let start = clock.now()
            await #expect(
                throws: StateError.unreachable(
                    location: path,
                    detail: "another process keeps the file busy (database is locked)")
            ) {
                try await objects(at: path, clock).put("b", [2], if: .absent)
            }
            #expect((30..<32).contains(clock.now().timeIntervalSince(start)))
            let readable = try await objects(at: path, clock).get("a")
            #expect(readable?.bytes == [1])
        }
        try end(other)
    }

    @Test func stopsWaitingWhenCancelled() async throws {
        _ = try await folder.objects().put("a", [1], if: .absent)
        let other = try otherProcess()
        let path = folder.statePath
        try begin(.immediate, other)
        try await withVirtualTime { clock in
            let task = Task { try await objects(at: path, clock).put("b", [2], if: .absent) }
            try await clock.sleep(for: .seconds(5))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        try end(other)
    }

    /// A connection that may keep a transaction open.
    private func otherProcess() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: folder.statePath, configuration: configuration)
    }
}

private func objects(at path: String, _ clock: VirtualClock) -> SQLiteObjects {
    SQLiteObjects(path: path, time: clock, random: SeededRandom(seed: 1))
}

private func count(up objects: SQLiteObjects) async throws {
    while true {
        let found = try await objects.get("count")
        let next = (found?.bytes.first ?? 0) + 1
        let condition = found.map { WriteCondition.tag($0.tag) } ?? .absent
        if try await objects.put("count", [next], if: condition) != .refused { return }
    }
}

private func begin(_ kind: Database.TransactionKind, _ queue: DatabaseQueue) throws {
    try queue.inDatabase { try $0.beginTransaction(kind) }
}

private func end(_ queue: DatabaseQueue) throws {
    try queue.inDatabase { try $0.rollback() }
}

/// No time passes, so nobody gives up; who sleeps lets others run.
private struct StandingClock: TimeSource {
    func now() -> Date { Date(timeIntervalSince1970: 1_790_000_000) }
    func sleep(for duration: Duration) async throws { await Task.yield() }
}
