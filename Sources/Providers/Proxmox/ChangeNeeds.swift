import Resources

/// What changes in place and removals ask of a Proxmox VE.
struct ChangeNeeds {
    private var needed: [String: Set<String>] = [:]
    /// Disks that grow or are added.
    private(set) var growths: [Growth] = []
    /// The bridges that guests are put on, by node.
    private(set) var bridges: [String: Set<String>] = [:]

    struct Growth: Hashable, Sendable {
        let guest: Int
        let node: String
        let type: GuestType
        /// The option that names the disk.
        let disk: String
        /// GiB more.
        let gibibytes: Int
        /// Of a disk that grows, not known before its guest is asked.
        var storage: String?
    }

    init(_ updates: [PlannedUpdate], deleting observed: [ObservedResource]) {
        for update in updates { add(update) }
        for object in observed {
            guard let path = Self.path(of: object) else { continue }
            let isGuest = GuestType(object.address.kind) != nil
            need(isGuest ? ["VM.Allocate", "VM.PowerMgmt"] : ["VM.Config.Network"], on: path)
        }
    }

    /// Where each privilege is needed.
    var privileges: [(path: String, privileges: [String])] {
        needed.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    /// Tells the storage of a disk that grows.
    mutating func place(_ growth: Growth, on storage: String) {
        guard let index = growths.firstIndex(of: growth) else { return }
        growths[index].storage = storage
        need(["Datastore.AllocateSpace", "Datastore.Audit"], on: "/storage/\(storage)")
    }

    private static func path(of object: ObservedResource) -> String? {
        Int(object.id).map { "/vms/\($0)" }
    }

    private mutating func need(_ names: [String], on path: String) {
        needed[path, default: []].formUnion(names)
    }

    private mutating func add(_ update: PlannedUpdate) {
        guard let path = Self.path(of: update.observed) else { return }
        guard let type = GuestType(update.observed.address.kind) else {
            return need(["VM.Config.Network"], on: path)
        }
        let kind: ResourceKind = type == .qemu ? .proxmoxVM : .proxmoxContainer
        for field in kind.fields where field.isComparable {
            guard let wanted = update.desired[field.name],
                field.normalised(wanted) != field.normalised(update.observed[field.name])
            else { continue }
            need(type.privileges(toChange: field.name), on: path)
            if field.traits.contains(.restarting), !field.isLive(wanted, update.observed) {
                need(["VM.PowerMgmt"], on: path)
            }
            switch field.name {
            case "disk": grow(type.rootDisk, "disk", of: type, update)
            case "data_disk": grow(type.dataDisk, "data_disk", of: type, update)
            case "bridge", "firewall", "ip": connect(update)
            default: break
            }
        }
    }

    private mutating func grow(
        _ disk: String, _ field: String, of type: GuestType, _ update: PlannedUpdate
    ) {
        let present = update.observed[field]?.integer
        let growth = Growth(
            guest: Int(update.observed.id) ?? 0, node: update.observed["node"]?.string ?? "",
            type: type, disk: disk,
            gibibytes: (update.desired[field]?.integer ?? 0) - (present ?? 0), storage: nil)
        growths.append(growth)
        if present == nil, let storage = update.desired["storage"]?.string {
            place(growth, on: storage)
        }
    }

    private mutating func connect(_ update: PlannedUpdate) {
        guard let bridge = update.desired["bridge"]?.string else { return }
        need(["SDN.Use"], on: "/sdn/zones/localnetwork/\(bridge)")
        if let node = update.observed["node"]?.string {
            bridges[node, default: []].insert(bridge)
        }
    }
}

extension GuestType {
    /// What Proxmox asks for before it changes the option behind a field (pve-container,
    /// `LXC.pm`; qemu-server, `API2/Qemu.pm`).
    fileprivate func privileges(toChange field: String) -> [String] {
        switch (self, field) {
        case (_, "cpu"): ["VM.Config.CPU"]
        case (_, "memory"), (_, "swap"): ["VM.Config.Memory"]
        // A container's `resize` wants both.
        case (.lxc, "disk"), (.lxc, "data_disk"): ["VM.Config.Disk", "VM.Config.Options"]
        case (.qemu, "disk"), (.qemu, "data_disk"): ["VM.Config.Disk"]
        case (_, "bridge"), (_, "firewall"), (_, "ip"), (.lxc, "name"): ["VM.Config.Network"]
        case (.lxc, "nesting"): ["VM.Allocate"]
        case (_, "running"): ["VM.PowerMgmt"]
        default: ["VM.Config.Options"]
        }
    }
}
