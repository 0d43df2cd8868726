import Foundation

/// A virtual machine or a container.
final class PVEGuest {
    enum Kind: String { case qemu, lxc }

    let vmid: Int
    let kind: Kind
    var node: String
    let created: Date
    /// What is in force.
    var config: [String: String] = [:]
    /// What waits for the next start; `nil` means unset.
    var pending: [String: String?] = [:]
    /// `create` while the worker that makes it runs.
    var lock: String?
    var started: Date?
    var firewall = PVEFirewall()
    var pool: String?

    init(vmid: Int, kind: Kind, node: String, created: Date) {
        self.vmid = vmid
        self.kind = kind
        self.node = node
        self.created = created
    }

    var isRunning: Bool { started != nil }
    var machine: MachineID { MachineID("proxmox/\(vmid)") }

    /// With the values that wait for a start.
    var merged: [String: String] {
        pending.reduce(into: config) { $0[$1.key] = $1.value }
    }

    func applyPending() {
        for (option, value) in pending.sorted(by: { $0.key < $1.key }) { put(value, at: option) }
    }

    /// Puts an option's value in force, or unsets it. A disk that the option lets go of becomes
    /// `unused[n]`; one that it takes is no longer unused.
    func put(_ value: String?, at option: String) {
        let released = config[option].flatMap(Self.disk)
        config[option] = value
        pending[option] = nil
        guard !option.hasPrefix("unused"), kind.volumeSchema(option) != nil else { return }
        let taken = value.flatMap(Self.disk)
        config = config.filter { !$0.key.hasPrefix("unused") || taken == nil || $0.value != taken }
        let free = (0..<256).map { "unused\($0)" }.first { config[$0] == nil }
        if let released, released != taken, let free { config[free] = released }
    }

    /// The volume that a value names, when it is a guest's disk.
    private static func disk(_ value: String) -> String? {
        let volume = String(value.prefix { $0 != "," })
        return volume.matchesWhole("[\\w.-]+:vm-\\d+-.+") ? volume : nil
    }

    /// How the guest is called in messages.
    var title: String { "\(kind == .qemu ? "VM" : "CT") \(vmid)" }

    var name: String {
        merged[kind.nameKey] ?? (kind == .qemu ? "VM \(vmid)" : "CT\(vmid)")
    }

    var memoryBytes: Int {
        (config["memory"].flatMap { Int($0.filter(\.isNumber)) } ?? 512) << 20
    }
    var cpus: Int { config["vcpus"].flatMap { Int($0) } ?? mostCPUs }

    /// Without a restart there can be no more.
    var mostCPUs: Int {
        (config["cores"].flatMap { Int($0) } ?? 1) * (config["sockets"].flatMap { Int($0) } ?? 1)
    }

    /// True for an option that the guest takes while it runs. A VM's processors and memory are
    /// plugged where its `hotplug` names them (`vmconfig_hotplug_pending`).
    func isHotPluggable(_ option: String, isNew: Bool) -> Bool {
        let features = (config["hotplug"] ?? "").pveList
        return switch (kind, option) {
        case (.qemu, "vcpus"): features.contains("cpu")
        case (.qemu, "memory"): features.contains("memory") && config["numa"] == "1"
        default: kind.isHotPluggable(option, isNew: isNew)
        }
    }

    /// The volumes that the configuration names, by option.
    var volumes: [String: String] {
        Set(config.keys).union(pending.keys).filter { kind.volumeSchema($0) != nil }
            .reduce(into: [:]) { $0[$1] = volume(at: $1) }
    }

    /// The volume that an option names; until the next start, one that is to be unset counts.
    func volume(at option: String) -> String? {
        let value = pending[option] ?? nil ?? config[option]
        let volume = value?.prefix { $0 != "," }
        return volume.flatMap { $0.contains(":") ? String($0) : nil }
    }

    func uses(_ volume: String) -> Bool { volumes.values.contains(volume) }
}

extension PVEGuest.Kind {
    var nameKey: String { self == .qemu ? "name" : "hostname" }
    var options: PVESchema { self == .qemu ? .qemuOptions : .lxcOptions }
    var diskContent: String { self == .qemu ? "images" : "rootdir" }

    /// The property string of an option that names a volume; `nil` for other options.
    func volumeSchema(_ option: String) -> PVEPropertySchema? {
        let stem = option.pveIndexed?.stem ?? option
        switch (self, stem) {
        case (.qemu, "scsi"): return .scsi
        case (.qemu, "virtio"): return .virtio
        case (.qemu, "ide"), (.qemu, "sata"): return .ide
        case (.qemu, "efidisk"): return .efiDisk
        case (.qemu, "tpmstate"): return .tpmState
        case (.qemu, "unused"): return .unusedDrive
        case (.lxc, "rootfs"): return .lxcRootfs
        case (.lxc, "mp"): return .lxcMountPoint
        case (.lxc, "unused"): return .unusedVolume
        default: return nil
        }
    }

    /// The options that a running guest takes at once.
    func isHotPluggable(_ option: String, isNew: Bool) -> Bool {
        let stem = option.pveIndexed?.stem ?? option
        switch self {
        case .qemu:
            return Self.qemuHot.contains(stem) || (["scsi", "virtio"].contains(stem) && isNew)
        case .lxc:
            return Self.lxcHot.contains(stem) || (stem == "mp" && isNew)
        }
    }

    private static let qemuHot: Set = [
        "name", "description", "tags", "onboot", "startup", "protection", "net", "ide", "sata",
        "cpulimit", "cpuunits", "balloon", "hookscript", "unused",
    ]
    private static let lxcHot: Set = [
        "hostname", "cores", "memory", "swap", "cpulimit", "cpuunits", "net", "tags", "description",
        "onboot", "startup", "protection", "nameserver", "searchdomain", "unused",
    ]
}
