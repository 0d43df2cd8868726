import Resources

/// Disks of guests: made when the configuration asks for it, found where it names one.
extension SimulatedProxmox {
    /// What one option's value becomes, with the volume that had to be made for it.
    func settled(
        _ value: String, of option: String, for guest: PVEGuest
    ) throws -> (value: String, made: PVEVolume?) {
        guard let schema = guest.kind.volumeSchema(option), var properties = schema.parse(value),
            let key = schema.defaultKey, let file = properties[key]
        else { return (value, nil) }
        if file == "none" || file == "cdrom" || file.hasPrefix("/") { return (value, nil) }
        if let request = DiskRequest(file) {
            let volume = try make(request, properties, option, for: guest)
            properties[key] = volume.id
            properties["import-from"] = nil
            properties["size"] = volume.size.description
            return (schema.print(properties), volume)
        }
        if file.hasSuffix(":cloudinit") {
            throw PVEFailure(501, "the simulated server makes no cloud-init drives")
        }
        let volume = try volume(file, on: guest.node)
        if properties["media"] == "cdrom", volume.content != "iso" {
            throw PVEFailure("volume '\(file)' is no ISO image")
        }
        if !option.hasPrefix("unused") { properties["size"] = volume.size.description }
        return (schema.print(properties), nil)
    }

    /// `STORAGE:GIBIBYTES`, the form that makes a disk.
    private struct DiskRequest {
        let storage: String
        let size: PVESize

        init?(_ file: String) {
            let parts = file.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, parts[1].matchesWhole("\\d+(?:\\.\\d+)?"),
                let gibibytes = Double(parts[1])
            else { return nil }
            storage = parts[0]
            size = PVESize(bytes: Int(gibibytes * Double(PVESize.gibibyte)))
        }
    }

    private func make(
        _ request: DiskRequest, _ properties: [String: String], _ option: String,
        for guest: PVEGuest
    ) throws -> PVEVolume {
        var size = request.size
        if let source = properties["import-from"] {
            guard size.bytes == 0 else {
                throw PVEFailure.parameters([
                    option:
                        "'import-from' requires special syntax - use <storage ID>:0,import-from="
                ])
            }
            size = try importSize(source, on: guest.node)
        } else if option == "efidisk0" || option == "tpmstate0" {
            size = PVESize(bytes: 4 << 20)
        } else if size.bytes == 0 {
            throw PVEFailure("unable to create a disk of size 0 for '\(option)'")
        }
        return try allocate(
            size, for: guest.vmid, on: request.storage, node: guest.node, guest.kind.diskContent)
    }

    private func importSize(_ source: String, on node: String) throws -> PVESize {
        if source.hasPrefix("/") {
            throw PVEFailure(403, "Only root can pass arbitrary filesystem paths.")
        }
        let image = try volume(source, on: node)
        guard image.content == "import" || image.content == "images",
            try storage(image.storage).content.contains(image.content)
        else {
            throw PVEFailure(
                "volume '\(source)' has wrong type '\(image.content)' - not importable")
        }
        return image.diskSize ?? image.size
    }

    func forget(_ volumes: [PVEVolume]) {
        for volume in volumes { self.volumes[volume.id, on: volume.node] = nil }
    }

    /// `PUT …/resize`: a disk only grows.
    func resize(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        try checkDigest(call, guest)
        let (option, text) = (call["disk"] ?? "", call["size"] ?? "")
        guard let schema = guest.kind.volumeSchema(option), let value = guest.merged[option],
            var properties = schema.parse(value), let key = schema.defaultKey,
            let id = properties[key], let volume = volumes[id, on: guest.node], volume.owner != nil
        else { throw PVEFailure("disk '\(option)' does not exist") }
        let isRelative = text.hasPrefix("+")
        guard let wanted = PVESize(isRelative ? String(text.dropFirst()) : text) else {
            throw PVEFailure.parameters(["size": "value does not match the regex pattern"])
        }
        let size = PVESize(bytes: wanted.bytes + (isRelative ? volume.size.bytes : 0))
        guard size >= volume.size else { throw PVEFailure("shrinking disks is not supported") }
        if size == volume.size, guest.kind == .lxc {
            throw PVEFailure("disk is already at specified size")
        }
        properties["size"] = size.description
        let printed = schema.print(properties)
        return work("resize", on: guest, fault: call.fault) { [self] in
            volumes[id, on: guest.node]?.size = size
            if let waiting = guest.pending[option], waiting != nil {
                guest.pending[option] = printed
            } else {
                guest.config[option] = printed
            }
        }
    }

    /// `move_disk` and `move_volume`, to another guest: the volume changes its owner and name.
    func reassign(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        try checkDigest(call, guest)
        let source = call[guest.kind == .qemu ? "disk" : "volume"] ?? ""
        let target = call[guest.kind == .qemu ? "target-disk" : "target-volume"] ?? source
        guard let other = call.integer("target-vmid").flatMap({ guests[$0] }) else {
            throw PVEFailure(501, "the simulated server moves disks between guests only")
        }
        guard other.kind == guest.kind, other.node == guest.node, other.lock == nil else {
            throw PVEFailure("Both guests need to be on the same node and unlocked")
        }
        guard let schema = guest.kind.volumeSchema(source), let value = guest.merged[source],
            var properties = schema.parse(value), let key = schema.defaultKey,
            let id = properties[key], let volume = volumes[id, on: guest.node]
        else { throw PVEFailure("Disk '\(source)' for VM '\(guest.vmid)' does not exist") }
        guard other.merged[target] == nil else {
            throw PVEFailure("Target disk key '\(target)' is already in use for VM '\(other.vmid)'")
        }
        if guest.kind == .lxc, guest.isRunning || source == "rootfs" {
            throw PVEFailure("Cannot move volume '\(source)' of a running container")
        }
        let targetSchema = other.kind.volumeSchema(target) ?? schema
        return work("move_volume", on: guest, fault: call.fault) { [self] in
            let moved = PVEVolume(
                node: volume.node, storage: volume.storage,
                name: volumes.freeDiskName(
                    for: other.vmid, storage: volume.storage, on: volume.node),
                content: volume.content, owner: other.vmid, size: volume.size,
                created: volume.created)
            forget([volume])
            volumes[moved.id, on: moved.node] = moved
            guest.config[source] = nil
            guest.pending[source] = nil
            properties[key] = nil
            properties[targetSchema.defaultKey ?? key] = moved.id
            other.config[target] = targetSchema.print(
                target.hasPrefix("unused")
                    ? [targetSchema.defaultKey ?? key: moved.id] : properties)
        }
    }
}
