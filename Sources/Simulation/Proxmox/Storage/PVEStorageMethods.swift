import Resources

import Foundation

/// `/nodes/{node}/storage`.
extension SimulatedProxmox {
    func listStorages(_ call: PVECall) -> Value {
        let wanted = call.arguments.list("content")
        let found = storages.filter { storage in
            (wanted.isEmpty || wanted.contains { storage.content.contains($0) })
                && call["storage"].map { $0 == storage.id } ?? true
        }
        return .list(found.map { .object(status(of: $0, on: call.node)) })
    }

    func storageStatus(_ call: PVECall) throws -> Value {
        let storage = try storage(call.storage)
        return .object(status(of: storage, on: call.node).filter { $0.key != "storage" })
    }

    private func status(of storage: PVEStorage, on node: String) -> [String: Value] {
        let used = volumes.used(storage.id, on: node)
        return [
            "storage": .string(storage.id), "type": .string(storage.type),
            "content": .string(storage.content.joined(separator: ",")), "active": 1, "enabled": 1,
            "shared": 0, "total": .integer(storage.total), "used": .integer(used),
            "avail": .integer(storage.total - used),
            "used_fraction": .number(Double(used) / Double(storage.total)),
        ]
    }

    func listContent(_ call: PVECall) throws -> Value {
        let storage = try storage(call.storage)
        let found = volumes.all.filter { volume in
            volume.node == call.node && volume.storage == storage.id
                && call["content"].map { $0 == volume.content } ?? true
                && call.integer("vmid").map { $0 == volume.owner } ?? true
        }
        return .list(found.map(description))
    }

    func showVolume(_ call: PVECall) throws -> Value {
        let volume = try volume(volumeID(call), on: call.node)
        return [
            "size": .integer(volume.size.bytes), "format": "raw", "path": .string("/\(volume.id)"),
        ]
    }

    private func description(_ volume: PVEVolume) -> Value {
        var description: [String: Value] = [
            "volid": .string(volume.id), "content": .string(volume.content),
            "format": .string(format(of: volume)), "size": .integer(volume.size.bytes),
            "ctime": .integer(Int(volume.created.timeIntervalSince1970)),
        ]
        if let owner = volume.owner { description["vmid"] = .integer(owner) }
        return .object(description)
    }

    private func format(of volume: PVEVolume) -> String {
        switch volume.content {
        case "images", "rootdir": "raw"
        case "vztmpl": "t" + (volume.name.split(separator: ".").last.map(String.init) ?? "")
        default: volume.name.split(separator: ".").last.map(String.init) ?? ""
        }
    }

    /// Makes a disk that no guest uses yet.
    func allocateVolume(_ call: PVECall) throws -> Value {
        let storage = try storage(call.storage)
        let (name, vmid) = (call["filename"] ?? "", call.vmid)
        guard name.matchesWhole("vm-\(vmid)-[\\w.-]+") else {
            throw PVEFailure("illegal name '\(name)' - should be 'vm-\(vmid)-*'")
        }
        guard volumes["\(storage.id):\(name)", on: call.node] == nil else {
            throw PVEFailure("lvcreate 'pve/\(name)' error: Logical volume already exists")
        }
        let text = call["size"] ?? ""
        let isKibibytes = text.last?.isNumber ?? false
        guard let size = PVESize(isKibibytes ? text + "K" : text) else {
            throw PVEFailure.parameters(["size": "invalid size"])
        }
        return .string(
            try allocate(size, named: name, for: vmid, on: storage.id, node: call.node, "images").id
        )
    }

    func deleteVolume(_ call: PVECall) throws -> Value {
        let volume = try volume(volumeID(call), on: call.node)
        if let owner = volume.owner, guests[owner] != nil {
            throw PVEFailure(
                "Cannot remove image, a guest with VMID '\(owner)' exists!\n"
                    + "You can delete the image from the guest's hardware pane")
        }
        return tasks.start(
            .init(node: call.node, type: "imgdel", id: call.storage, fault: call.fault) { [self] in
                volumes[volume.id, on: volume.node] = nil
            })
    }

    /// A volume is named with or without its storage.
    private func volumeID(_ call: PVECall) -> String {
        let name = call["volume"] ?? ""
        return name.contains(":") ? name : "\(call.storage):\(name)"
    }

    func storage(_ id: String) throws -> PVEStorage {
        guard let storage = storages.first(where: { $0.id == id }) else {
            throw PVEFailure("storage '\(id)' does not exist")
        }
        return storage
    }

    func volume(_ id: String, on node: String) throws -> PVEVolume {
        guard let volume = volumes[id, on: node] else {
            throw PVEFailure("volume '\(id)' does not exist")
        }
        return volume
    }

    /// - Throws: `PVEFailure` when the storage is full or does not take such content.
    func allocate(
        _ size: PVESize, named name: String? = nil, for vmid: Int, on id: String, node: String,
        _ content: String
    ) throws -> PVEVolume {
        let storage = try storage(id)
        guard storage.content.contains(content) else {
            throw PVEFailure("storage '\(id)' does not support content-type '\(content)'")
        }
        guard volumes.used(id, on: node) + size.bytes <= storage.total else {
            throw PVEFailure("lvcreate error: insufficient free space on storage '\(id)'")
        }
        let volume = PVEVolume(
            node: node, storage: id,
            name: name ?? volumes.freeDiskName(for: vmid, storage: id, on: node), content: content,
            owner: vmid, size: size, created: core.now)
        volumes[volume.id, on: node] = volume
        return volume
    }
}
