import Resources

/// What a VM and a container have in common, as a table and as read from Proxmox.
enum GuestFields {
    static let common = [
        Field("name", .string, canonical: lowercased),
        Field("memory", .integer),
        Field("disk", .integer),
        Field("data_disk", .integer),
        Field("bridge", .string),
        Field("firewall", .boolean, fallback: false),
        Field("tags", .list, [.unordered]),
        Field("owner", .object),
        Field("protect", .boolean, fallback: false),
        Field("onboot", .boolean, fallback: false),
        // A name leads to its address, which is looked up for that alone.
        Field("exposed", .boolean, fallback: false),
        Field("running", .boolean, fallback: false),
        Field("image", .string, [.immutable, .unobservable]),
        Field("storage", .string, [.createOnly]),
        Field("image_storage", .string, [.createOnly]),
        Field("placement", .string, [.createOnly]),
        Field("seed", .string, [.createOnly, .secret]),
        Field("runner_version", .string, [.computed, .unobservable, .createOnly]),
        Field("registration_expires_at", .string, [.computed, .unobservable, .createOnly]),
        Field("id", .string, [.computed]),
        Field("node", .string, [.computed]),
        Field("ipv4", .string, [.computed]),
        Field("seed_attached", .boolean, [.computed]),
    ]

    private static func lowercased(_ value: Value) -> Value {
        value.string.map { .string($0.lowercased()) } ?? value
    }

    /// `fields` in place of the common ones of the same name, then the rest of the common ones.
    static func with(_ fields: [Field]) -> [Field] {
        let names = Set(fields.map(\.name))
        return fields + common.filter { !names.contains($0.name) }
    }
}

extension ResourceKind {
    private static let losses = [Loss.disk("disk"), .data("data_disk")]

    /// A change of processors, memory or agent waits for a restart, but for what the VM takes by
    /// hot-plugging.
    static let proxmoxVM = ResourceKind(
        GuestType.qemu.kind, title: "Proxmox VM", data: .carried("data_disk"), losses: losses,
        survivesRename: true,
        fields: GuestFields.with([
            Field(
                "cpu", .integer, [.restarting], fallback: 1, isLive: HotPlugging.takesProcessors),
            Field(
                "memory", .integer, [.restarting], fallback: 512, isLive: HotPlugging.takesMemory),
            Field("agent", .boolean, [.restarting], fallback: false),
            Field("hotplug", .object, [.computed]),
        ]))

    /// A running container takes everything but its features (pve-container, `LXC/Config.pm`).
    static let proxmoxContainer = ResourceKind(
        GuestType.lxc.kind, title: "Proxmox container", data: .carried("data_disk"),
        losses: losses,
        survivesRename: true,
        fields: GuestFields.with([
            Field("cpu", .integer, [.restarting], isLive: { _, _ in true }),
            Field("memory", .integer, [.restarting], fallback: 512, isLive: { _, _ in true }),
            Field("swap", .integer, [.restarting], fallback: 512, isLive: { _, _ in true }),
            Field("ip", .string),
            Field("nesting", .boolean, [.restarting], fallback: false),
            Field("unprivileged", .boolean, [.immutable], fallback: false),
        ]))
}

/// Reads a guest's attributes out of its configuration.
struct GuestReading {
    let guest: Guest
    let status: String
    let configuration: GuestConfiguration
    var address: String?

    func observed(at address: Address) -> ObservedResource {
        var attributes = common
        switch guest.type {
        case .qemu: attributes.merge(machine) { $1 }
        case .lxc: attributes.merge(container) { $1 }
        }
        return ObservedResource(address, id: String(guest.id), attributes: attributes)
    }

    private var common: [String: Value] {
        var attributes: [String: Value] = [
            "id": .string(String(guest.id)), "node": .string(guest.node),
            "memory": .integer(configuration["memory"].flatMap(memory) ?? 512),
            "firewall": .boolean(configuration.network?.hasFirewall ?? false),
            "tags": .list(ownTags.map { .string($0) }),
            "protect": .boolean(configuration.isProtected),
            "onboot": .boolean(configuration.flag("onboot")),
            "running": .boolean(status == "running"),
            "exposed": .boolean(configuration.mark?.isExposed ?? false),
            "seed_attached": .boolean(configuration.holdsSeed(guest.type)),
        ]
        attributes["ipv4"] = address.map { .string($0) }
        attributes["bridge"] = configuration.network?["bridge"].map { .string($0) }
        attributes["data_disk"] =
            configuration.gibibytes(guest.type.dataDisk).map { .integer($0) }
        attributes["disk"] = configuration.gibibytes(guest.type.rootDisk).map { .integer($0) }
        attributes["name"] = configuration[guest.type.nameOption].map { .string($0.lowercased()) }
        if let mark = configuration.mark {
            attributes["owner"] = [
                "project": .string(mark.project), "environment": .string(mark.environment),
            ]
            if !mark.image.isEmpty { attributes["image"] = .string(mark.image) }
        }
        return attributes
    }

    private var machine: [String: Value] {
        let agent = PropertyString(configuration["agent"] ?? "0", defaultKey: "enabled")
        var attributes: [String: Value] = [
            "cpu": .integer(configuration.processors), "agent": .boolean(agent["enabled"] == "1"),
        ]
        attributes["hotplug"] = HotPlugging(configuration).attribute
        return attributes
    }

    private var container: [String: Value] {
        let features = PropertyString(configuration["features"] ?? "", defaultKey: "features")
        var attributes: [String: Value] = [
            "swap": .integer(configuration["swap"].flatMap(Int.init) ?? 512),
            "nesting": .boolean(features["nesting"] == "1"),
            "unprivileged": .boolean(configuration.flag("unprivileged")),
        ]
        attributes["cpu"] = configuration["cores"].flatMap(Int.init).map { .integer($0) }
        attributes["ip"] = configuration.network?["ip"].map { .string($0) }
        return attributes
    }

    /// Tags that others gave are theirs.
    private var ownTags: [String] {
        configuration.tags.filter { $0 == "launch" || $0.hasPrefix("launch-") }.sorted()
    }

    /// MiB; QEMU also writes `current=2048`.
    private func memory(_ text: String) -> Int? {
        PropertyString(text, defaultKey: "current")["current"].flatMap(Int.init)
    }
}

extension GuestType {
    var rootDisk: String { self == .qemu ? "scsi0" : "rootfs" }
    var dataDisk: String { self == .qemu ? "scsi1" : "mp0" }
    var nameOption: String { self == .qemu ? "name" : "hostname" }
}

extension GuestConfiguration {
    /// The drive of a VM's seed.
    static let seedDrive = "ide2"

    /// True while the first boot's instructions are to come, with the guest, or on a storage.
    func holdsSeed(_ type: GuestType) -> Bool {
        if mark?.seed != nil { return true }
        return switch type {
        case .qemu: seedVolume != nil
        case .lxc: settled("entrypoint") != nil || settled("env") != nil
        }
    }

    /// The ISO in the seed's drive.
    var seedVolume: String? {
        guard let drive = settled(Self.seedDrive) else { return nil }
        let volume = PropertyString(drive, defaultKey: "file")["file"]
        return volume.flatMap { $0.contains(":iso/launch-") ? $0 : nil }
    }
}
