import Foundation
import Synchronization

/// Runs a program's tasks on one thread, in an order that the seed decides, and moves the virtual
/// clock on whenever nothing can run: the same seed, the same run.
package final class SimulationExecutor: TaskExecutor {
    private let condition = NSCondition()
    private let jobs = Mutex<[UnownedJob]>([])
    private let random: SeededRandom?
    /// Worlds that compute at once in this process. They give way to everybody else, above all to
    /// tests that wait in real time.
    private static let processors = DispatchSemaphore(
        value: ProcessInfo.processInfo.activeProcessorCount)

    /// - Parameter seed: shuffles tasks that are ready together; without one they run in turn.
    package init(seed: UInt64? = nil) { random = seed.map(SeededRandom.init) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        condition.lock()
        condition.signal()
        condition.unlock()
    }

    /// Runs `body` to its end under `clock`, on a thread of its own.
    package func run<Result: Sendable>(
        under clock: VirtualClock, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                Self.giveWay()
                Self.processors.wait()
                defer { Self.processors.signal() }
                self.drive(clock, body, continuation)
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Lowers the priority of the thread that calls it, where threads have one of their own.
    ///
    /// <https://man7.org/linux/man-pages/man2/setpriority.2.html>
    private static func giveWay() {
        #if os(Linux)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }

    private func drive<Result: Sendable>(
        _ clock: VirtualClock, _ body: @escaping @Sendable () async throws -> Result,
        _ continuation: CheckedContinuation<Result, any Error>
    ) {
        let outcome = Outcome<Result>()
        Task(executorPreference: self) {
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
        }
        while outcome.value.withLock({ $0 == nil }) {
            if let job = nextJob() {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if !clock.wakeNext() {
                waitForJob()
            }
        }
        if let result = outcome.value.withLock({ $0 }) { continuation.resume(with: result) }
    }

    private final class Outcome<Result: Sendable>: Sendable {
        let value = Mutex<Swift.Result<Result, any Error>?>(nil)
    }

    private func nextJob() -> UnownedJob? {
        jobs.withLock { jobs in
            guard !jobs.isEmpty else { return nil }
            let index = random.map { Int($0.next() % UInt64(jobs.count)) } ?? 0
            return jobs.remove(at: index)
        }
    }

    /// Something outside (a thread of a library) still works: wait for what it wakes.
    private func waitForJob() {
        condition.lock()
        while jobs.withLock({ $0.isEmpty }) { condition.wait() }
        condition.unlock()
    }
}

/// Runs `body` in virtual time: the usual way for a test or a rehearsal.
package func withVirtualTime<Result: Sendable>(
    seed: UInt64? = nil, clock: VirtualClock = VirtualClock(),
    _ body: @escaping @Sendable (VirtualClock) async throws -> Result
) async throws -> Result {
    try await SimulationExecutor(seed: seed).run(under: clock) { try await body(clock) }
}
