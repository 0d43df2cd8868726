import Resources

/// Proxmox VE's high availability: guests that it starts again, on another node when theirs fails
/// (`pve-ha-manager`). It acts in rounds: a request is only queued by the task that takes it.
struct PVEHighAvailability {
    /// `started` or `stopped`, as last requested, by VMID.
    fileprivate(set) var requested: [Int: String] = [:]
    /// Nodes without power.
    fileprivate(set) var failedNodes: Set<String> = []

    /// Until a request is carried out.
    static let round = Duration.seconds(10)
    /// Until a node that does not answer counts as failed, and its guests go elsewhere.
    static let fencing = Duration.seconds(60)

    func manages(_ guest: PVEGuest) -> Bool { requested[guest.vmid] != nil }
}

extension SimulatedProxmox {
    /// Puts a guest under high availability, as an operator may.
    package func makeHighlyAvailable(_ vmid: Int) {
        highAvailability.requested[vmid] = guests[vmid]?.isRunning == true ? "started" : "stopped"
    }

    /// Takes a node's power away: its guests go down, those under high availability come up
    /// elsewhere.
    package func fail(_ node: String) {
        highAvailability.failedNodes.insert(node)
        for guest in sortedGuests where guest.node == node { powerOff(guest) }
        core.schedule(after: PVEHighAvailability.fencing) { [self] in
            guard let refuge = nodes.first(where: { !highAvailability.failedNodes.contains($0) })
            else { return }
            for guest in sortedGuests where guest.node == node && highAvailability.manages(guest) {
                migrate(guest.vmid, to: refuge)
                fulfil(guest)
            }
        }
    }

    /// Queues a request of the manager's.
    func requestState(_ state: String, of guest: PVEGuest, fault: VendorFault?) -> Value {
        work(state == "started" ? "hastart" : "hastop", on: guest, fault: fault) { [self] in
            highAvailability.requested[guest.vmid] = state
            core.schedule(after: PVEHighAvailability.round) { [self] in fulfil(guest) }
        }
    }

    /// Brings a guest to the state that was requested last.
    func fulfil(_ guest: PVEGuest) {
        guard guests[guest.vmid] === guest, guest.lock == nil,
            !highAvailability.failedNodes.contains(guest.node)
        else { return }
        switch highAvailability.requested[guest.vmid] {
        case "started"? where !guest.isRunning: try? powerOn(guest)
        case "stopped"? where guest.isRunning: powerOff(guest)
        default: break
        }
    }

    func forgetHighAvailability(of guest: PVEGuest) {
        highAvailability.requested[guest.vmid] = nil
    }

    func listHighlyAvailable(_ call: PVECall) -> Value {
        .list(
            managedGuests.filter { call["type"] == nil || call["type"] == sidType($0.0) }.map {
                guest, state in
                [
                    "sid": .string(sid(of: guest)), "type": .string(sidType(guest)),
                    "state": .string(state), "max_relocate": 1, "max_restart": 1,
                ]
            })
    }

    func showHighAvailability(_ call: PVECall) -> Value {
        let services = managedGuests.map { guest, state -> Value in
            [
                "id": .string("service:\(sid(of: guest))"), "type": "service",
                "sid": .string(sid(of: guest)), "node": .string(guest.node),
                "state": .string(state), "request_state": .string(state),
                "status": .string("\(sid(of: guest)) (\(guest.node), \(state))"),
            ]
        }
        return .list(
            [["id": "quorum", "type": "quorum", "node": .string(nodes[0]), "status": "OK"]]
                + services)
    }

    private var managedGuests: [(PVEGuest, String)] {
        sortedGuests.compactMap { guest in
            highAvailability.requested[guest.vmid].map { (guest, $0) }
        }
    }

    private func sidType(_ guest: PVEGuest) -> String { guest.kind == .qemu ? "vm" : "ct" }
    private func sid(of guest: PVEGuest) -> String { "\(sidType(guest)):\(guest.vmid)" }
}
