import Resources
import Synchronization

/// The leases that a run was seen to wait for.
final class Waits: Sendable {
    private let seen = Mutex<[Lease]>([])

    var leases: [Lease] { seen.withLock { $0 } }

    func add(_ lease: Lease) { seen.withLock { $0.append(lease) } }
}
