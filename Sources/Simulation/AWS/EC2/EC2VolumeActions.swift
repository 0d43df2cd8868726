import OrderedCollections
import HTTP

import Foundation

extension SimulatedEC2 {
    static let volumeActions: [String: Action] = [
        "CreateVolume": { try $0.createVolume($1) },
        "DescribeVolumes": { try $0.describeVolumes($1) },
        "DeleteVolume": { try $0.deleteVolume($1) },
        "AttachVolume": { try $0.attachVolume($1) },
        "DetachVolume": { try $0.detachVolume($1) },
        "ModifyVolume": { try $0.modifyVolume($1) },
        "DescribeVolumesModifications": { try $0.describeModifications($1) },
    ]

    /// Half-way states of volumes last a quarter of those of instances.
    var volumeTime: Duration { core.configuration.instanceTime / 4 }

    /// - Throws: `InvalidVolumeID.Malformed`, `InvalidVolume.NotFound`
    func volume(_ id: String) throws -> EC2Volume {
        try checkForm(id, "vol", "InvalidVolumeID")
        guard let volume = volumes[id], isVisible(id) else {
            throw AWSError.notFound("InvalidVolume", "volume", id)
        }
        return volume
    }

    private func createVolume(_ parameters: QueryParameters) throws -> [XML] {
        let zone = try parameters.required("AvailabilityZone")
        guard network.zones.contains(zone) else {
            throw AWSError("InvalidZone.NotFound", "The zone '\(zone)' does not exist.")
        }
        guard parameters.string("Size") != nil else {
            throw AWSError.missing("size/snapshot")
        }
        let shape = try EC2VolumeShape(
            parameters, sizeName: "Size", current: EC2VolumeShape(size: 8, type: "gp2"))
        let isEncrypted = try parameters.boolean("Encrypted") ?? false
        let tags = try tagSpecifications(parameters, for: [.volume])
        let token = try readClientToken(parameters)
        try ready(parameters)
        if let earlier = try earlierUse(of: token, parameters), let id = earlier.ids.first {
            return volumeXML(try volume(id))
        }
        let volume = EC2Volume(
            id: newID("vol"), zone: zone, size: shape.size, type: shape.type, iops: shape.iops,
            throughput: shape.throughput, isEncrypted: isEncrypted, created: core.now,
            snapshot: nil, state: .creating)
        volumes[volume.id] = volume
        self.tags[volume.id] = tags[.volume]
        remember(token, parameters, reservation: "", ids: [volume.id])
        core.schedule(after: volumeTime) { [weak self] in
            self?.volumes[volume.id]?.state = .available
        }
        return volumeXML(volume)
    }

    private func describeVolumes(_ parameters: QueryParameters) throws -> [XML] {
        let (found, next) = try describe(
            parameters, "VolumeId", among: volumes, Self.volumeFilters
        ) { try volume($0) }
        return [XML("volumeSet", items: found) { volumeXML($0) }] + next
    }

    private static var volumeFilters: EC2FilterTable<EC2Volume> {
        EC2FilterTable<EC2Volume>(
            id: \.id,
            fields: [
                "volume-id": { [$0.id] }, "status": { [$0.state.rawValue] },
                "availability-zone": { [$0.zone] }, "size": { [String($0.size)] },
                "volume-type": { [$0.type] }, "encrypted": { [String($0.isEncrypted)] },
                "attachment.instance-id": { [$0.attachment?.instance].compactMap(\.self) },
                "attachment.device": { [$0.attachment?.device].compactMap(\.self) },
                "attachment.status": { [$0.attachment?.state.rawValue].compactMap(\.self) },
                "attachment.delete-on-termination": {
                    [$0.attachment.map { String($0.deletesOnTermination) }].compactMap(\.self)
                },
            ])
    }

    private func deleteVolume(_ parameters: QueryParameters) throws -> [XML] {
        let volume = try volume(try parameters.required("VolumeId"))
        try ready(parameters)
        guard volume.attachment == nil else {
            throw AWSError(
                "VolumeInUse",
                "Volume \(volume.id) is currently attached to \(volume.attachment?.instance ?? "")")
        }
        guard volume.state == .available else {
            throw AWSError(
                "IncorrectState", "Volume '\(volume.id)' is '\(volume.state.rawValue)'.")
        }
        removeVolume(volume.id)
        return done
    }

    func removeVolume(_ id: String) {
        volumes[id] = nil
        tags[id] = nil
    }

    private func attachVolume(_ parameters: QueryParameters) throws -> [XML] {
        let volume = try volume(try parameters.required("VolumeId"))
        let instance = try instance(try parameters.required("InstanceId"))
        let device = try parameters.required("Device")
        try ready(parameters)
        guard volume.zone == instance.subnet.zone else {
            throw AWSError(
                "InvalidVolume.ZoneMismatch",
                "The volume '\(volume.id)' is not in the same availability zone as instance "
                    + "'\(instance.id)'")
        }
        guard volume.state == .available else {
            let code = volume.state == .inUse ? "VolumeInUse" : "IncorrectState"
            throw AWSError(code, "Volume '\(volume.id)' is '\(volume.state.rawValue)'.")
        }
        guard [.running, .stopped].contains(instance.state) else {
            throw AWSError(
                "IncorrectState", "Instance '\(instance.id)' is not 'running'.")
        }
        guard !attachedVolumes(of: instance.id).contains(where: { $0.attachment?.device == device })
        else { throw AWSError.invalid(device, for: "device", "\(device) is already in use") }
        attach(volume.id, to: instance.id, at: device, deletesOnTermination: false, .attaching)
        core.schedule(after: volumeTime) { [weak self] in
            guard self?.volumes[volume.id]?.attachment?.state == .attaching else { return }
            self?.volumes[volume.id]?.attachment?.state = .attached
        }
        return attachmentXML(volumes[volume.id])
    }

    func attach(
        _ id: String, to instance: String, at device: String, deletesOnTermination: Bool,
        _ state: EC2Volume.Attachment.State
    ) {
        instances[instance]?.volumes.append(id)
        volumes[id]?.state = .inUse
        volumes[id]?.attachment = EC2Volume.Attachment(
            instance: instance, device: device, state: state,
            deletesOnTermination: deletesOnTermination, since: core.now)
    }

    private func detachVolume(_ parameters: QueryParameters) throws -> [XML] {
        let volume = try volume(try parameters.required("VolumeId"))
        let instance = parameters.string("InstanceId")
        let device = parameters.string("Device")
        let isForced = try parameters.boolean("Force") ?? false
        try ready(parameters)
        guard let attachment = volume.attachment, attachment.state != .detaching else {
            throw AWSError("IncorrectState", "Volume '\(volume.id)' is in the 'available' state.")
        }
        guard instance == nil || instance == attachment.instance,
            device == nil || device == attachment.device
        else {
            throw AWSError(
                "InvalidAttachment.NotFound",
                "Volume '\(volume.id)' is not attached to '\(instance ?? "")' as "
                    + "\(device ?? attachment.device)")
        }
        if let owner = instances[attachment.instance], owner.state != .stopped,
            owner.image.rootDevice == attachment.device
        {
            throw AWSError(
                "OperationNotPermitted",
                "Unable to detach root volume '\(volume.id)' from instance '\(owner.id)'")
        }
        volumes[volume.id]?.attachment?.state = .detaching
        let answer = attachmentXML(volumes[volume.id])
        core.schedule(after: isForced ? .zero : volumeTime) { [weak self] in
            guard self?.volumes[volume.id]?.attachment?.state == .detaching else { return }
            self?.instances[attachment.instance]?.volumes.removeAll { $0 == volume.id }
            self?.release(volume.id)
        }
        return answer
    }

    func release(_ id: String) {
        volumes[id]?.attachment = nil
        volumes[id]?.state = .available
    }

    private func modifyVolume(_ parameters: QueryParameters) throws -> [XML] {
        let volume = try volume(try parameters.required("VolumeId"))
        let shape = try EC2VolumeShape(
            parameters, sizeName: "Size",
            current: EC2VolumeShape(
                size: volume.size, type: volume.type, iops: volume.iops,
                throughput: volume.throughput))
        try ready(parameters)
        guard shape.size >= volume.size else {
            throw AWSError.invalid(
                String(shape.size), for: "size", "New size cannot be smaller than existing size")
        }
        if let last = volume.modification, core.now.timeIntervalSince(last.started) < 6 * 3600 {
            throw AWSError(
                "VolumeModificationRateExceeded",
                "You've reached the maximum modification rate per volume limit. "
                    + "Wait at least 6 hours between modifications per EBS volume.")
        }
        guard [.available, .inUse].contains(volume.state) else {
            throw AWSError(
                "IncorrectState", "Volume '\(volume.id)' is '\(volume.state.rawValue)'.")
        }
        volumes[volume.id]?.modification = EC2Volume.Modification(
            originalSize: volume.size, originalType: volume.type, targetSize: shape.size,
            targetType: shape.type, state: "modifying", progress: 0, started: core.now)
        let answer = modificationXML(volumes[volume.id])
        core.schedule(after: volumeTime) { [weak self] in
            self?.volumes[volume.id]?.size = shape.size
            self?.volumes[volume.id]?.type = shape.type
            self?.volumes[volume.id]?.iops = shape.iops
            self?.volumes[volume.id]?.throughput = shape.throughput
            self?.volumes[volume.id]?.modification?.state = "optimizing"
            self?.volumes[volume.id]?.modification?.progress = 50
        }
        core.schedule(after: volumeTime * 2) { [weak self] in
            self?.volumes[volume.id]?.modification?.state = "completed"
            self?.volumes[volume.id]?.modification?.progress = 100
            self?.volumes[volume.id]?.modification?.ended = self?.core.now
        }
        return [XML("volumeModification") { answer }]
    }

    private func describeModifications(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("VolumeId")
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        let table = EC2FilterTable<EC2Volume>(
            id: \.id,
            fields: [
                "volume-id": { [$0.id] },
                "modification-state": { [$0.modification?.state].compactMap(\.self) },
            ])
        let asked = try ids.isEmpty ? Array(volumes.values) : ids.map { try volume($0) }
        let (found, next) = page.cut(
            try table.select(asked.filter { $0.modification != nil }, by: filters, tags: tags))
        return [XML("volumeModificationSet", items: found) { modificationXML($0) }] + next
    }
}
