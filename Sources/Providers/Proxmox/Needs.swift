import Resources

/// What the specs ask of a Proxmox VE.
struct Needs {
    let types: [GuestType]
    /// `targets.proxmox.node`, which may be `auto`.
    let nodes: Set<String>
    let bridges: Set<String>
    /// The kinds of content that each storage must take.
    let contents: [String: Set<String>]
    private let storages: Set<String>
    private let imageStorages: Set<String>

    init(_ desired: [Resource]) {
        let guests = desired.compactMap { resource in
            GuestType(resource.address.kind).map { (type: $0, resource: resource) }
        }
        let texts = { (attribute: String) in
            Set(guests.compactMap { $0.resource[attribute]?.string })
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

    /// Where each privilege is needed.
    var privileges: [(path: String, privileges: [String])] {
        guard !types.isEmpty else { return [("/vms", ["VM.Audit"])] }
        return [("/vms", guestPrivileges)]
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

    private var guestPrivileges: [String] {
        let common = [
            "VM.Allocate", "VM.Audit", "VM.Config.CPU", "VM.Config.Disk", "VM.Config.Memory",
            "VM.Config.Network", "VM.Config.Options", "VM.PowerMgmt",
        ]
        let forVMs = ["VM.Config.CDROM", "VM.Config.HWType"]
        return (common + (types.contains(.qemu) ? forVMs : [])).sorted()
    }
}
