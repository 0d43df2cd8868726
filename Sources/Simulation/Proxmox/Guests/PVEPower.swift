import Resources

import Foundation

/// `…/{vmid}/status/…` and destroying.
extension SimulatedProxmox {
    func startGuest(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        if highAvailability.manages(guest) {
            return requestState("started", of: guest, fault: call.fault)
        }
        if guest.isRunning { throw PVEFailure("\(guest.title) already running") }
        return power(on: guest, fault: call.fault)
    }

    func stopGuest(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        if highAvailability.manages(guest) {
            return requestState("stopped", of: guest, fault: call.fault)
        }
        guard guest.isRunning else { throw PVEFailure("\(guest.title) not running") }
        let verb = call.endpoint.path.last == "shutdown" ? "shutdown" : "stop"
        return work(guest.taskType(verb), on: guest, fault: call.fault) { [self] in powerOff(guest)
        }
    }

    func rebootGuest(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        guard guest.isRunning else { throw PVEFailure("\(guest.title) not running") }
        return work(guest.taskType("reboot"), on: guest, fault: call.fault) { [self] in
            powerOff(guest)
            try powerOn(guest)
        }
    }

    /// Starts the worker that starts the guest.
    func power(on guest: PVEGuest, fault: VendorFault?) -> Value {
        work(guest.taskType("start"), on: guest, fault: fault) { [self] in try powerOn(guest) }
    }

    /// Starts a worker on a guest, which fails when the guest is gone by then.
    func work(
        _ type: String, on guest: PVEGuest, fault: VendorFault?,
        _ finish: @escaping () throws -> Void
    ) -> Value {
        tasks.start(
            .init(node: guest.node, type: type, id: String(guest.vmid), fault: fault) { [self] in
                guard guests[guest.vmid] === guest else { throw PVEFailure.missing(guest) }
                try finish()
            })
    }

    /// The kernel takes no longer string (`MAX_ARG_STRLEN`).
    private static let longestVariable = 128 * 1024

    func powerOn(_ guest: PVEGuest) throws {
        if guest.isRunning { throw PVEFailure("\(guest.title) already running") }
        guest.applyPending()
        for (_, id) in guest.volumes.sorted(by: { $0.key < $1.key }) {
            _ = try volume(id, on: guest.node)
        }
        let environment = guest.config["env"]?.split(separator: "\0") ?? []
        guard environment.allSatisfy({ $0.utf8.count < Self.longestVariable }) else {
            throw PVEFailure("startup for container '\(guest.vmid)' failed")
        }
        guest.started = core.now
        let seed = guest.kind == .qemu ? cloudInitSeed(of: guest) : containerSeed(of: guest)
        core.guests.powerOn(
            guest.machine, seed: seed?.bytes, hostName: guest.name, instanceID: seed?.instanceID)
    }

    func powerOff(_ guest: PVEGuest) {
        guard guest.isRunning else { return }
        core.guests.powerOff(guest.machine)
        guest.started = nil
        if guest.kind == .qemu { guest.applyPending() }
    }

    func destroyGuest(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        if guest.config["protection"] == "1" {
            throw PVEFailure("can't remove \(guest.title) - protection mode enabled")
        }
        if guest.isRunning, !(guest.kind == .lxc && call.flag("force")) {
            throw PVEFailure(
                guest.kind == .qemu
                    ? "\(guest.title) is running - destroy failed"
                    : "unable to destroy \(guest.title) - container is running")
        }
        if highAvailability.manages(guest), !call.flag("purge") {
            throw PVEFailure(
                "unable to remove \(guest.title) - used in HA resources and purge parameter not set."
            )
        }
        let all = call.flag("destroy-unreferenced-disks")
        return work(guest.taskType("destroy"), on: guest, fault: call.fault) { [self] in
            remove(guest, withUnreferencedDisks: all)
        }
    }

    func remove(_ guest: PVEGuest, withUnreferencedDisks: Bool) {
        powerOff(guest)
        core.guests.destroy(guest.machine)
        let own = volumes.all.filter { $0.owner == guest.vmid }
        forget(own.filter { withUnreferencedDisks || ($0.node == guest.node && guest.uses($0.id)) })
        guests[guest.vmid] = nil
        forgetHighAvailability(of: guest)
    }
}

extension PVEGuest {
    /// `qmstart`, `vzstart`.
    func taskType(_ verb: String) -> String { (kind == .qemu ? "qm" : "vz") + verb }
}
