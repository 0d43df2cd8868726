import Foundation
import Journal
import Resources
import Simulation
import Synchronization
import TestSupport

/// A process that may stand still at any request, for longer than its lease.
///
/// While it does, nothing of it goes on, its heartbeat included. What it has sent arrives all the
/// same. After every other pause its clock is late for a moment: it still believes in its lease.
final class StoppableProcess: TimeSource {
    private struct Pause {
        let begin: Date
        let end: Date
        let clockIsLateUntil: Date
    }

    private let clock: VirtualClock
    private let dice: SeededRandom
    private let pause = Mutex<Pause?>(nil)

    init(_ clock: VirtualClock, seed: UInt64) {
        self.clock = clock
        dice = SeededRandom(seed: seed)
    }

    func now() -> Date {
        let now = clock.now()
        guard let pause = pause.withLock({ $0 }), now < pause.clockIsLateUntil else { return now }
        return pause.begin
    }

    func sleep(for duration: Duration) async throws {
        try await clock.sleep(for: duration)
        try await standStill()
    }

    /// Passes some seconds.
    func think() async throws { try await sleep(for: .seconds(dice.fraction() * 10)) }

    /// A request on its way, and its answer on the way back.
    fileprivate func exchange<Answer>(_ request: () async throws -> Answer) async throws -> Answer {
        stopNowAndThen()
        try await standStill()
        try await travel()
        let answer = try await request()
        stopNowAndThen()
        try await travel()
        try await standStill()
        return answer
    }

    private func travel() async throws {
        try await clock.sleep(for: .seconds(dice.fraction() * 0.3))
    }

    private func stopNowAndThen() {
        guard dice.fraction() < 0.02 else { return }
        let begin = clock.now()
        let end = begin.addingTimeInterval(61 + dice.fraction() * 120)
        let isLate = dice.fraction() < 0.5
        let pause = Pause(
            begin: begin, end: end,
            clockIsLateUntil: isLate ? end.addingTimeInterval(dice.fraction() * 5) : end)
        self.pause.withLock { known in
            if known.map({ $0.clockIsLateUntil <= begin }) ?? true { known = pause }
        }
    }

    private func standStill() async throws {
        while let end = pause.withLock({ $0?.end }), clock.now() < end {
            let remaining = end.timeIntervalSince(clock.now())
            try await clock.sleep(for: .seconds(max(0.001, remaining)))
        }
    }
}

/// The objects as such a process reaches them.
struct DistantObjects: ObjectStorage {
    let base: InMemoryObjects
    let process: StoppableProcess

    var location: String { base.location }

    func get(_ key: String) async throws -> StoredObject? {
        try await process.exchange { try await base.get(key) }
    }

    func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        try await process.exchange { try await base.put(key, bytes, if: condition) }
    }

    func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
        try await process.exchange { try await base.list(prefix, after: after) }
    }

    func delete(_ key: String) async throws {
        try await process.exchange { try await base.delete(key) }
    }
}
