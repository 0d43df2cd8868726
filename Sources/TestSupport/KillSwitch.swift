import Synchronization

/// Ends a program at one of its moments, as `kill -9` would: from then on nothing it tries works.
package final class KillSwitch: Sendable {
    package struct Killed: Error {
        package init() {}
    }

    private let fatalMoment: Int?
    private let passed = Mutex(0)

    /// - Parameter moment: the moment, from 1, at which it ends; `nil` lets it live.
    package init(at moment: Int? = nil) { fatalMoment = moment }

    /// Moments so far.
    package var moments: Int { passed.withLock { $0 } }

    /// To be called before each thing the program does to the world, and after it.
    package func moment() throws {
        let now = passed.withLock { passed in
            passed += 1
            return passed
        }
        if let fatalMoment, now >= fatalMoment { throw Killed() }
    }
}
