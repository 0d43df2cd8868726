import Synchronization

/// A request to begin nothing new: what runs may end, and is recorded.
package final class StopSignal: Sendable {
    private let requested = Mutex(false)

    package init() {}

    package var isRequested: Bool { requested.withLock { $0 } }

    package func request() { requested.withLock { $0 = true } }
}
