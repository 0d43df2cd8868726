import Resources

/// A gp3 volume for a service's data: encrypted, in one zone, outliving its machine.
struct Volume: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "volume"), title: "EBS volume", data: .always,
        losses: [.data("gibibytes")],
        survivesRename: true,
        fields: [
            Field("id", .string, [.computed]),
            Field("availability_zone", .string, [.computed]),
            Field("name", .string),
            Field("environment", .string),
            Field("gibibytes", .integer),
            // EBS guards no volume: a tag says it.
            Field("protect", .boolean, fallback: false),
            Field("subnet", .string, [.createOnly]),
            Field("vpc", .string, [.createOnly]),
        ])

    let ec2: EC2
    let creation = "CreateVolume"

    static func observed(_ volume: VolumeDocument) -> ObservedResource? {
        let tags = Tags(volume.tagSet)
        return tags.address(of: kind.name).map { address in
            ObservedResource(
                address, id: volume.volumeId,
                attributes: [
                    "id": .string(volume.volumeId),
                    "availability_zone": .string(volume.availabilityZone),
                    "name": tags[Tag.name],
                    "environment": tags[Tag.environment],
                    "gibibytes": .integer(volume.size),
                    "protect": .boolean(tags[Tag.protect] == "true"),
                ])
        }
    }

    /// True while it can be used; deleted volumes stay listed for a while.
    static func isAlive(_ volume: VolumeDocument) -> Bool {
        ["creating", "available", "in-use"].contains(volume.status)
    }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        let earlier = try await ec2.volumes(Filter("tag:\(Tag.key)", key.text))
        let id: String
        if let volume = earlier.first(where: Self.isAlive) {
            id = volume.volumeId
        } else {
            let parameters = try await ec2.inNetwork(of: desired.address) {
                try await self.parameters(toCreate: desired, key: key)
            }
            let created: VolumeDocument = try await ec2.call(creation, parameters)
            id = created.volumeId
        }
        return try await observed(id, of: desired.address, whenever: { $0.status != "creating" })
    }

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] {
        [
            "AvailabilityZone": .string(
                try await ec2.network(for: desired).subnets[0].availabilityZone),
            "ClientToken": .string(key.text),
            "Encrypted": true,
            "Size": desired["gibibytes"] ?? .null,
            "TagSpecification": ec2.tagSpecification("volume", for: desired, key: key),
            "VolumeType": "gp3",
        ]
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await ec2.retag(observed, to: desired)
        if differs("gibibytes", observed, from: desired), let size = desired["gibibytes"]?.integer {
            try await ec2.grow(
                observed.id, from: observed["gibibytes"]?.integer, to: size, for: desired.address)
        }
        return try await self.observed(observed.id, of: desired.address)
    }

    /// Detaches it first when a machine still has it.
    func delete(_ observed: ObservedResource) async throws {
        guard let volume = try await ec2.volumes(Filter("volume-id", observed.id)).first else {
            return
        }
        try await ec2.detach(volume, for: observed.address)
        do {
            try await ec2.insisting(
                on: "DeleteVolume", ["VolumeId": .string(observed.id)], of: observed.address,
                despite: ["VolumeInUse", "IncorrectState"], atMost: .seconds(300))
        } catch let error as AWSError where error.code == "InvalidVolume.NotFound" {}
    }

    private func observed(
        _ id: String, of address: Address,
        whenever isReady: (VolumeDocument) -> Bool = { _ in true }
    ) async throws -> ObservedResource {
        try await ec2.waiting(for: "\(id) to be ready", of: address, atMost: .seconds(300)) {
            let volume = try await ec2.volumes(Filter("volume-id", id)).first(where: isReady)
            return volume.flatMap(Self.observed)
        }
    }
}

extension EC2 {
    /// Makes a volume bigger while it is in use, and waits until it is.
    ///
    /// - Throws: `ProviderError` with `.invalid` when it would get smaller, which EBS cannot.
    func grow(
        _ volume: String, from current: Int?, to gibibytes: Int, for address: Address
    ) async throws {
        if let current, gibibytes < current {
            throw ProviderError(
                .invalid, provider: .aws, address: address, action: "shrink \(volume)",
                detail: "it has \(current) GiB and an EBS volume cannot get smaller",
                remedy: "Ask for \(current)GiB or more, or destroy the service and make it anew.")
        }
        do {
            try await perform(
                "ModifyVolume", ["VolumeId": .string(volume), "Size": .integer(gibibytes)])
        } catch let error as AWSError where Self.recentModification.contains(error.code) {
            // Perhaps our own, whose answer was lost.
            do {
                try await awaitSize(
                    gibibytes, of: volume, for: address, atMost: .seconds(60))
            } catch is ProviderError {
                throw error
            }
        }
        try await awaitSize(gibibytes, of: volume, for: address, atMost: .seconds(600))
    }

    private static let recentModification: Set = [
        "VolumeModificationRateExceeded", "IncorrectModificationState",
    ]

    private func awaitSize(
        _ gibibytes: Int, of volume: String, for address: Address, atMost limit: Duration
    ) async throws {
        try await waiting(
            for: "\(volume) to have \(gibibytes) GiB", of: address, atMost: limit
        ) {
            let found = try await volumes(Filter("volume-id", volume)).first
            return (found?.size ?? 0) >= gibibytes ? () : nil
        }
    }

    /// Attaches a volume to a machine at Launch's device name; attached already is fine.
    func attach(_ volume: String, to instance: String, for address: Address) async throws {
        do {
            try await insisting(
                on: "AttachVolume",
                [
                    "Device": .string(Instance.dataDevice), "InstanceId": .string(instance),
                    "VolumeId": .string(volume),
                ], of: address,
                despite: ["InvalidVolume.NotFound", "InvalidInstanceID.NotFound", "IncorrectState"])
        } catch let error as AWSError where error.code == "VolumeInUse" {
            let holders = try await volumes(Filter("volume-id", volume)).flatMap(\.attachments)
            guard holders.contains(where: { $0.instanceId == instance }) else { throw error }
        }
        try await waiting(for: "\(volume) to be attached", of: address, atMost: .seconds(120)) {
            let attachments = try await volumes(Filter("volume-id", volume)).flatMap(\.attachments)
            return attachments.contains { $0.instanceId == instance && $0.status == "attached" }
                ? () : nil
        }
    }

    /// Takes a volume from whatever machine has it, and waits until it is free.
    func detach(_ volume: VolumeDocument, for address: Address) async throws {
        guard volume.status == "in-use" else { return }
        if volume.attachments.contains(where: { $0.status == "attached" }) {
            do {
                try await perform("DetachVolume", ["VolumeId": .string(volume.volumeId)])
            } catch let error as AWSError where error.code == "IncorrectState" {}
        }
        try await waiting(
            for: "\(volume.volumeId) to be detached", of: address, atMost: .seconds(600)
        ) {
            let found = try await volumes(Filter("volume-id", volume.volumeId)).first
            return found?.status == "in-use" ? nil : ()
        }
    }
}
