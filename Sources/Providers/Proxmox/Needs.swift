import Resources

/// What the specs ask of a Proxmox VE.
struct Needs {
    let types: [GuestType]
    /// The new guests; of those that may be there already one for each wished node, without its
    /// size.
    let guests: [Resource]
    /// The guests are yet to be made.
    let areNew: Bool
    /// `targets.proxmox.node`, which may be `auto`.
    private let nodes: Set<String>
    let bridges: Set<String>
    /// The kinds of content that each storage must take.
    let contents: [String: Set<String>]
    private let storages: Set<String>
    private let imageStorages: Set<String>
    /// The address of a VM is asked for.
    private let hasExposedVM: Bool

    init(_ desired: [Resource], areNew: Bool) {
        let guests = desired.compactMap { resource in
            GuestType(resource.address.kind).map { (type: $0, resource: resource) }
        }
        let texts = { (attribute: String) in
            Set(guests.compactMap { $0.resource[attribute]?.string })
        }
        self.areNew = areNew
        self.guests = areNew ? guests.map(\.resource) : Self.probes(of: guests.map(\.resource))
        hasExposedVM = guests.contains {
            $0.type == .qemu && $0.resource["exposed"]?.boolean == true
        }
        types = GuestType.allCases.filter { type in guests.contains { $0.type == type } }
        nodes = texts("placement")
        bridges = texts("bridge")
        storages = texts("storage")
        imageStorages = texts("image_storage")
        contents = guests.reduce(into: [:]) { contents, guest in
            let isVM = guest.type == .qemu
            if let storage = guest.resource["storage"]?.string {
                contents[storage, default: []].insert(isVM ? "images" : "rootdir")
            }
            if let storage = guest.resource["image_storage"]?.string {
                contents[storage, default: []].formUnion(isVM ? ["import", "iso"] : ["vztmpl"])
            }
        }
    }

    private static func probes(of guests: [Resource]) -> [Resource] {
        Dictionary(grouping: guests, by: { $0["placement"]?.string ?? "" })
            .sorted { $0.key < $1.key }.compactMap { $0.value.first?.withoutSize }
    }

    /// Where each privilege is needed.
    func privileges(on version: ProxmoxVersion) -> [(path: String, privileges: [String])] {
        guard !types.isEmpty else { return [("/vms", ["VM.Audit"])] }
        return [("/vms", guestPrivileges(on: version))]
            + storages.sorted().map {
                ("/storage/\($0)", ["Datastore.AllocateSpace", "Datastore.Audit"])
            }
            + imageStorages.sorted().map {
                ("/storage/\($0)", ["Datastore.AllocateTemplate", "Datastore.Audit"])
            }
            + nodes.sorted().map {
                ($0 == "auto" ? "/nodes" : "/nodes/\($0)", ["Sys.AccessNetwork"])
            }
            + bridges.sorted().map { ("/sdn/zones/localnetwork/\($0)", ["SDN.Use"]) }
    }

    /// What lets the words of a VM's bootstrap script be read; `nil` where it is not the time.
    func privilegeToSeeBoots(on version: ProxmoxVersion) -> String? {
        guard !areNew, types.contains(.qemu) else { return nil }
        return version.major < 9 ? "VM.Monitor" : "VM.GuestAgent.FileRead"
    }

    private func guestPrivileges(on version: ProxmoxVersion) -> [String] {
        let common = [
            "VM.Allocate", "VM.Audit", "VM.Config.CPU", "VM.Config.Disk", "VM.Config.Memory",
            "VM.Config.Network", "VM.Config.Options", "VM.PowerMgmt",
        ]
        let forVMs = ["VM.Config.CDROM", "VM.Config.HWType"]
        let agent = version.major < 9 ? "VM.Monitor" : "VM.GuestAgent.Audit"
        return (common + (types.contains(.qemu) ? forVMs : []) + (hasExposedVM ? [agent] : []))
            .sorted()
    }
}

extension Resource {
    /// As a guest that takes no more room than it has.
    fileprivate var withoutSize: Resource {
        var copy = self
        for field in ["memory", "disk", "data_disk"] { copy.attributes[field] = nil }
        return copy
    }
}
