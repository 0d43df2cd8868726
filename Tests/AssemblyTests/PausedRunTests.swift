import HTTP
import Reconciling
import Resources
import ServiceFiles
import Simulation
import Synchronization
import TestSupport
import Testing

/// A run stands still beyond its lease while another takes over and does all there is to do.
@Suite struct PausedRunTests {
    /// - Parameter request: after the answer to which change the run stands still.
    @Test(arguments: [1, 2, 5, 9, 14, 20])
    func aPausedRunChangesNothingMore(request: Int) async throws {
        let examples = try Repository.examples()
        let problems = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let taken = Taken()
            let client = PausingHTTPClient(fleet.world, afterChange: request) {
                clock.advance(by: .seconds(61))
                let report = try await fleet.converge(examples)
                #expect(report.failures == [])
                let document = try await fleet.store.read()
                taken.document = document
            }
            var problems = await fleet.failures(of: examples, http: client).filter {
                !$0.contains("this run lost its lock")
            }
            problems += client.changesAfterPause.map { "sent after the pause: \($0)" }
            if try await fleet.store.read() != taken.document {
                problems.append("the state was written after the pause")
            }
            if fleet.world.inventory != Repository.examplesInventory {
                problems.append("there is \(fleet.world.inventory)")
            }
            return problems + (try await fleet.shortfalls(of: examples))
        }
        #expect(problems == [])
    }
}

/// The state as the run that took over left it.
private final class Taken: Sendable {
    private let kept = Mutex<StateDocument?>(nil)

    var document: StateDocument? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}

extension Fleet {
    /// What went wrong in a run in which something must; of one that ends early, why.
    fileprivate func failures(of goal: Repository, http: any HTTPClient) async -> [String] {
        do {
            let failures = try await converge(goal, http: http).failures
            return failures.isEmpty ? ["nothing failed"] : failures.map(\.message)
        } catch {
            return ["\(error)"]
        }
    }
}

/// Stands still, before the answer is heard, after so many requests that change something.
private final class PausingHTTPClient: HTTPClient {
    private struct State {
        var changes = 0
        var isPaused = false
        var changesAfterPause: [String] = []
    }

    private let base: any HTTPClient
    private let fatalChange: Int
    private let pause: @Sendable () async throws -> Void
    private let state = Mutex(State())

    init(
        _ base: any HTTPClient, afterChange number: Int,
        pause: @escaping @Sendable () async throws -> Void
    ) {
        self.base = base
        fatalChange = number
        self.pause = pause
    }

    var changesAfterPause: [String] { state.withLock { $0.changesAfterPause } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = count(request)
        let response = try await base.send(request)
        if number == fatalChange {
            state.withLock { $0.isPaused = true }
            try await pause()
        }
        return response
    }

    /// - Returns: which change it is; `nil` for a read.
    private func count(_ request: HTTPRequest) -> Int? {
        guard !request.isRead else { return nil }
        return state.withLock { state in
            state.changes += 1
            if state.isPaused {
                state.changesAfterPause.append("\(request.method.rawValue) \(request.url)")
            }
            return state.changes
        }
    }
}
