import Resources
import Synchronization

/// Sends new guests to nodes, and remembers where to: what was just sent is not seen there yet.
final class Placement: Sendable {
    private let sent = Mutex<[(room: GuestRoom, node: String)]>([])

    /// - Parameter rows: `GET /cluster/resources`.
    /// - Returns: the node for a guest, and why it is the one.
    func place(_ desired: Resource, among rows: Value) throws -> (node: String, reason: String) {
        let room = GuestRoom(desired)
        return try sent.withLock { sent in
            sent.removeAll { $0.room.address == room.address }
            var cluster = ClusterRoom(rows)
            for earlier in sent { cluster.take(earlier.room, on: earlier.node) }
            let choice = try cluster.choose(desired["placement"]?.string ?? "auto", for: room)
            sent.append((room, choice.node))
            return choice
        }
    }
}
