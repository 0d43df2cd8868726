import Synchronization

/// The security groups that this process has seen go: lists may show them for a while yet.
final class DeletedGroups: Sendable {
    private let ids = Mutex<Set<String>>([])

    func insert(_ id: String) { ids.withLock { _ = $0.insert(id) } }

    func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }
}
