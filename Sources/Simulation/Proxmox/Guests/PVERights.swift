import Foundation

/// What the token may do.
extension SimulatedProxmox {
    /// - Throws: `PVEFailure` with status 403 when the token lacks the privilege there.
    func require(_ privilege: String, on path: String) throws {
        guard privileges(on: path).contains(privilege) else {
            throw PVEFailure.forbidden("\(path), \(privilege)")
        }
    }

    /// What the token may do on a path: the nearest path above that has a role decides.
    func privileges(on path: String) -> [String] {
        var path = path[...]
        while granted[String(path)] == nil, let slash = path.lastIndex(of: "/"), path != "/" {
            path = slash == path.startIndex ? "/" : path[..<slash]
        }
        return granted[String(path)] ?? []
    }

    /// - Throws: `PVEFailure` when an option is for `root@pam` only, or needs a privilege that the
    ///   token lacks (`pve-container: src/PVE/LXC.pm`, `qemu-server: src/PVE/API2/Qemu.pm`).
    func checkRights(
        _ options: [String: String], _ call: PVECall, vmid: Int, kind: PVEGuest.Kind
    ) throws {
        for (option, value) in options.sorted(by: { $0.key < $1.key }) {
            if let reason = rootOnly(option, value, kind) { throw PVEFailure.forbidden(reason) }
            let isPrivileged = kind == .lxc && option == "unprivileged" && value == "0"
            if isPrivileged || (kind == .qemu && option == "startup") {
                try require("Sys.Modify", on: "/")
            }
            try require(privilege(for: option, value, kind), on: "/vms/\(vmid)")
            if kind.volumeSchema(option) != nil, value.matchesWhole("[\\w.-]+:\\d.*") {
                let storage = value.prefix { $0 != ":" }
                try require("Datastore.AllocateSpace", on: "/storage/\(storage)")
            }
            if option.hasPrefix("net"), let bridge = value.range(of: "bridge=") {
                let name = value[bridge.upperBound...].prefix { $0 != "," }
                try require("SDN.Use", on: "/sdn/zones/localnetwork/\(name)")
            }
        }
    }

    private func rootOnly(_ option: String, _ value: String, _ kind: PVEGuest.Kind) -> String? {
        let stem = option.pveIndexed?.stem ?? option
        switch (kind, stem) {
        case (.lxc, "features"):
            let features = PVEPropertySchema.lxcFeatures.parse(value) ?? [:]
            return features.keys.contains { $0 != "nesting" }
                ? "changing feature flags (except nesting) is only allowed for root@pam" : nil
        case (_, "hookscript"): return "changing the hookscript is only allowed for root@pam"
        case (.lxc, "mp"), (.lxc, "rootfs"):
            return value.hasPrefix("/") ? "mount point type bind is only allowed for root@pam" : nil
        case (.lxc, "dev"): return "configuring device passthrough is only allowed for root@pam"
        case (.qemu, "args"), (.qemu, "arch"), (.qemu, "affinity"), (.qemu, "lock"), (.lxc, "lock"):
            return "only root can set '\(option)' config"
        case (.qemu, "serial"):
            return value.hasPrefix("/")
                ? "only root can set '\(option)' config for real devices" : nil
        default: return nil
        }
    }

    private func privilege(for option: String, _ value: String, _ kind: PVEGuest.Kind) -> String {
        switch (kind, option.pveIndexed?.stem ?? option) {
        case (_, "net"), (.lxc, "hostname"), (_, "nameserver"), (_, "searchdomain"),
            (.qemu, "ipconfig"):
            "VM.Config.Network"
        case (_, "cores"), (_, "cpulimit"), (_, "cpuunits"), (_, "cpu"), (_, "sockets"),
            (_, "vcpus"), (_, "numa"):
            "VM.Config.CPU"
        case (_, "memory"), (_, "swap"), (_, "balloon"), (_, "shares"): "VM.Config.Memory"
        case (.qemu, _) where value.contains("media=cdrom"): "VM.Config.CDROM"
        case _ where kind.volumeSchema(option) != nil: "VM.Config.Disk"
        case (.qemu, "scsihw"), (.qemu, "serial"), (.qemu, "smbios"), (.qemu, "vga"),
            (.qemu, "bios"), (.qemu, "machine"), (.qemu, "rng"):
            "VM.Config.HWType"
        case (.lxc, "features"): "VM.Allocate"
        default: "VM.Config.Options"
        }
    }

    /// Everything that Launch may ask for, as an operator would grant it.
    var granted: [String: [String]] {
        var granted = Self.role
        granted["/vms"]? +=
            version < PVEVersion(9, 0)
            ? ["VM.Monitor"] : ["VM.GuestAgent.Audit", "VM.GuestAgent.FileRead"]
        return granted.mapValues { $0.filter { !revoked.contains($0) } }
    }

    private static let role: [String: [String]] = [
        "/": ["Sys.Audit"], "/pool": ["Pool.Allocate", "Pool.Audit"],
        "/nodes": ["Sys.AccessNetwork", "Sys.Audit"],
        "/sdn/zones/localnetwork": ["SDN.Use"],
        "/storage": [
            "Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate",
            "Datastore.Audit",
        ],
        "/vms": [
            "VM.Allocate", "VM.Audit", "VM.Config.CDROM", "VM.Config.CPU", "VM.Config.Disk",
            "VM.Config.HWType", "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options",
            "VM.PowerMgmt",
        ],
    ]
}
