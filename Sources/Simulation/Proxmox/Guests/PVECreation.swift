import Resources

import Foundation

/// `POST /nodes/{node}/qemu` and `/lxc`.
extension SimulatedProxmox {
    func createQemu(_ call: PVECall) throws -> Value { try create(.qemu, call) }
    func createLxc(_ call: PVECall) throws -> Value { try create(.lxc, call) }

    /// What `create` takes that is no option of the guest.
    private static let creationOnly: Set = [
        "node", "vmid", "ostemplate", "storage", "pool", "start", "password", "ssh-public-keys",
        "bwlimit", "force", "unique", "restore", "archive", "live-restore", "ha-managed",
        "ignore-unpack-errors", "import-working-storage",
    ]

    private func create(_ kind: PVEGuest.Kind, _ call: PVECall) throws -> Value {
        let vmid = call.vmid
        if let taken = guests[vmid] {
            throw PVEFailure(
                "unable to create \(kind == .qemu ? "VM" : "CT") \(vmid) - "
                    + "\(taken.title) already exists on node '\(taken.node)'")
        }
        if let pool = call["pool"], pools[pool] == nil {
            throw PVEFailure("pool '\(pool)' does not exist")
        }
        var options: [String: String] = [:]
        for name in call.arguments.names where !Self.creationOnly.contains(name) {
            options[name] = call[name]
        }
        if kind == .lxc {
            _ = try volume(call["ostemplate"] ?? "", on: call.node)
            let storage = call["storage"] ?? "local"
            options["rootfs"] = options["rootfs"] ?? "\(storage):4"
            if version >= PVEVersion(9, 0) {
                options["unprivileged"] = options["unprivileged"] ?? "1"
            }
        }
        try checkRights(options, call, vmid: vmid, kind: kind)
        return start(
            creationOf: PVEGuest(vmid: vmid, kind: kind, node: call.node, created: core.now),
            options, call)
    }

    private func start(
        creationOf guest: PVEGuest, _ options: [String: String], _ call: PVECall
    ) -> Value {
        guest.lock = "create"
        guest.pool = call["pool"]
        guests[guest.vmid] = guest
        var made: [PVEVolume] = []
        return tasks.start(
            .init(
                node: call.node, type: guest.kind == .qemu ? "qmcreate" : "vzcreate",
                id: String(guest.vmid),
                log: ["creating \(guest.title)", "allocating volumes", "writing configuration"],
                fault: call.fault,
                finish: { [self] in
                    let canonical = PVECanonical(kind: guest.kind, random: core.random)
                    var config: [String: String] = [:]
                    for (option, value) in options.sorted(by: Self.isEarlier) {
                        let disk = try settled(value, of: option, for: guest)
                        if let volume = disk.made { made.append(volume) }
                        config[option] = canonical.value(disk.value, of: option)
                    }
                    try complete(&config, of: guest)
                    guest.config = config
                    guest.lock = nil
                    if call.flag("start") { _ = power(on: guest, fault: nil) }
                },
                undo: { [self] in
                    forget(made)
                    guests[guest.vmid] = nil
                }))
    }

    /// Volumes are numbered in this order: `rootfs`, then by kind and number.
    static func isEarlier(
        _ one: (key: String, value: String), _ other: (key: String, value: String)
    ) -> Bool {
        func rank(_ option: String) -> (Int, String, Int) {
            let (stem, index) = option.pveIndexed ?? (option, 0)
            return (option == "rootfs" ? 0 : 1, stem, index)
        }
        return rank(one.key) < rank(other.key)
    }

    /// What the server adds by itself.
    private func complete(_ config: inout [String: String], of guest: PVEGuest) throws {
        switch guest.kind {
        case .qemu:
            let order = config["boot"]?.components(separatedBy: "order=").dropFirst().first ?? ""
            for device in order.pveList where config[device] == nil {
                throw PVEFailure("invalid bootorder: device '\(device)' does not exist'")
            }
            config["smbios1"] = config["smbios1"] ?? "uuid=\(core.random.pveUUID())"
            config["vmgenid"] = config["vmgenid"] ?? core.random.pveUUID()
            config["meta"] = "creation-qemu=10.0.2,ctime=\(Int(core.now.timeIntervalSince1970))"
        case .lxc:
            config["arch"] = config["arch"] ?? "amd64"
            config["ostype"] = config["ostype"] ?? "debian"
            config["memory"] = config["memory"] ?? "512"
            config["swap"] = config["swap"] ?? "512"
        }
    }
}

extension RandomSource {
    /// A random UUID, version 4.
    func pveUUID() -> String {
        let digits = hexadecimal(32)
        func part(_ start: Int, _ length: Int) -> String {
            String(digits.dropFirst(start).prefix(length))
        }
        return "\(part(0, 8))-\(part(8, 4))-4\(part(13, 3))-a\(part(17, 3))-\(part(20, 12))"
    }
}
