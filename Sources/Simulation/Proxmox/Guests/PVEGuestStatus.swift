import Resources

import Foundation

/// Lists of guests, their state and their addresses.
extension SimulatedProxmox {
    func listQemu(_ call: PVECall) -> Value { list(.qemu, on: call.node) }
    func listLxc(_ call: PVECall) -> Value { list(.lxc, on: call.node) }

    private func list(_ kind: PVEGuest.Kind, on node: String) -> Value {
        let found = sortedGuests.filter { $0.kind == kind && $0.node == node }
        return .list(found.map { .object(status(of: $0)) })
    }

    func showStatus(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        var status = status(of: guest)
        status["ha"] = ["managed": highAvailability.manages(guest) ? 1 : 0]
        if guest.kind == .qemu {
            status["qmpstatus"] = status["status"]
            status["agent"] = guest.hasAgent ? 1 : nil
        }
        return .object(status)
    }

    /// What lists and `status/current` tell about a guest.
    func status(of guest: PVEGuest) -> [String: Value] {
        var status: [String: Value] = [
            "vmid": .integer(guest.vmid), "name": .string(guest.name),
            "status": guest.isRunning ? "running" : "stopped", "cpus": .integer(guest.cpus),
            "maxmem": .integer(guest.memoryBytes),
            "mem": .integer(guest.isRunning ? guest.memoryBytes / 2 : 0),
            "maxdisk": .integer(rootDiskSize(of: guest)), "disk": 0, "cpu": 0,
            "uptime": .integer(guest.started.map { Int(core.now.timeIntervalSince($0)) } ?? 0),
        ]
        if guest.kind == .lxc { status["type"] = "lxc" }
        if let tags = guest.merged["tags"] { status["tags"] = .string(tags) }
        if let lock = guest.lock { status["lock"] = .string(lock) }
        if guest.config["template"] == "1" { status["template"] = 1 }
        return status
    }

    private func rootDiskSize(of guest: PVEGuest) -> Int {
        let id = ["rootfs", "scsi0", "virtio0", "sata0"].lazy.compactMap(guest.volume(at:)).first
        return id.flatMap { volumes[$0, on: guest.node]?.size.bytes } ?? 0
    }

    /// The interfaces inside a container.
    func showInterfaces(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        guard guest.isRunning else { throw PVEFailure("\(guest.title) not running") }
        let loopback: Value = [
            "name": "lo", "hwaddr": "00:00:00:00:00:00", "inet": "127.0.0.1/8", "inet6": "::1/128",
        ]
        return .list([loopback] + networks(of: guest).map(interface))
    }

    /// The running guest that has the address.
    func machine(at address: String) -> MachineID? {
        guests.values.first { guest in
            guest.isRunning
                && networks(of: guest).contains { $0.address?.hasPrefix("\(address)/") ?? false }
        }?.machine
    }

    private func interface(_ network: GuestNetwork) -> Value {
        var interface: [String: Value] = [
            "name": .string(network.name), "hwaddr": .string(network.mac.lowercased()),
            "hardware-address": .string(network.mac.lowercased()),
        ]
        if let address = network.address {
            interface["inet"] = .string(address)
            interface["ip-addresses"] = .list([agentAddress(address)])
        }
        return .object(interface)
    }

    func agentAddress(_ address: String) -> Value {
        let parts = address.split(separator: "/").map(String.init)
        return [
            "ip-address": .string(parts[0]), "ip-address-type": "ipv4",
            "prefix": .integer(Int(parts[1]) ?? 32),
        ]
    }

    struct GuestNetwork {
        let name: String
        let mac: String
        /// With its prefix length; `nil` before the guest is up.
        let address: String?
    }

    func networks(of guest: PVEGuest) -> [GuestNetwork] {
        let schema: PVEPropertySchema = guest.kind == .qemu ? .qemuNet : .lxcNet
        return (0..<32).compactMap { index in
            guard let net = guest.config["net\(index)"], let keys = schema.parse(net) else {
                return nil
            }
            return GuestNetwork(
                name: keys["name"] ?? "net\(index)", mac: keys["hwaddr"] ?? keys["macaddr"] ?? "",
                address: address(
                    keys["ip"] ?? (guest.kind == .qemu ? "dhcp" : "manual"), guest, index))
        }
    }

    /// By DHCP a guest gets an address that follows from its VMID.
    private func address(_ ip: String, _ guest: PVEGuest, _ index: Int) -> String? {
        guard core.guests.isUp(guest.machine), ip != "manual" else { return nil }
        guard ip == "dhcp" else { return ip }
        return "10.\(20 + index).\(guest.vmid / 250 % 250).\(guest.vmid % 250 + 2)/16"
    }
}
