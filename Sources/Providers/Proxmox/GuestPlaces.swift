import Synchronization

/// Where this process last saw each guest.
final class GuestPlaces: Sendable {
    private let guests = Mutex<[Int: Guest]>([:])

    subscript(_ id: Int) -> Guest? { guests.withLock { $0[id] } }

    func remember(_ seen: [Guest]) {
        guests.withLock { guests in
            for guest in seen {
                guests[guest.id] = Guest(id: guest.id, type: guest.type, node: guest.node)
            }
        }
    }

    func forget(_ id: Int) { guests.withLock { $0[id] = nil } }
}
