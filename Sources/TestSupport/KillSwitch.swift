import Synchronization

/// Ends a program at one of its moments, as `kill -9` would: from then on nothing it tries works.
package final class KillSwitch: Sendable {
    package struct Killed: Error {
        package init() {}
    }

    private struct State {
        var passed = 0
        var fate: String?
    }

    private let fatalMoment: Int?
    private let state = Mutex(State())

    /// - Parameter moment: the moment, from 1, at which it ends; `nil` lets it live.
    package init(at moment: Int? = nil) { fatalMoment = moment }

    /// Moments so far.
    package var moments: Int { state.withLock { $0.passed } }

    /// What the program was at when it ended; `nil` while it lives.
    package var fate: String? { state.withLock { $0.fate } }

    /// To be called before each thing the program does to the world, and after it.
    package func moment(_ name: @autoclosure () -> String = "") throws {
        if pass(name) { throw Killed() }
    }

    /// To be called when the program hears what came of it: a program that ends here hears it
    /// still, and does nothing more.
    package func answer(_ name: @autoclosure () -> String = "") { _ = pass(name) }

    /// Does one thing with all its moments, where the answer comes at once.
    package func passing<Result>(_ name: String, _ effect: () throws -> Result) throws -> Result {
        try moment("before \(name)")
        let result = try effect()
        try moment("before the answer to \(name)")
        answer("after the answer to \(name)")
        return result
    }

    /// - Returns: whether the program has ended.
    private func pass(_ name: () -> String) -> Bool {
        state.withLock { state in
            state.passed += 1
            guard let fatalMoment, state.passed >= fatalMoment else { return false }
            if state.fate == nil { state.fate = name() }
            return true
        }
    }
}
