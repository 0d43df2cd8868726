import Resources

/// A service's machine.
struct Instance: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "instance"), title: "EC2 instance",
        requires: [SecurityGroup.kind.name, Volume.kind.name],
        fields: [
            Field("id", .string, [.computed]),
            Field("public_ipv4", .string, [.computed]),
            Field("private_ipv4", .string, [.computed]),
            Field("image_id", .string, [.computed]),
            Field("name", .string),
            Field("environment", .string),
            Field("image", .string, [.immutable]),
            Field("instance_type", .string, [.restarting]),
            Field("disk_gibibytes", .integer, [.restarting]),
            Field("subnet", .string, [.immutable]),
            Field("availability_zone", .string, [.immutable]),
            Field("instance_profile", .string, [.immutable]),
            Field("spot", .boolean, [.immutable], fallback: false),
            Field("security_groups", .list, [.unordered], fallback: []),
            Field("data_volume", .string),
            Field("metadata_tokens", .string),
            Field("metadata_hop_limit", .integer),
            Field("running", .boolean),
            Field("protect", .boolean, [.unobservable], fallback: false),
            Field("seed", .string, [.secret, .createOnly]),
        ])

    /// Where the data volume is attached.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html>
    static let dataDevice = "/dev/sdf"

    let ec2: EC2
    let creation = "RunInstances"

    /// - Parameter volumes: among which the root disk is looked up.
    static func observed(
        _ instance: InstanceDocument, volumes: [VolumeDocument]
    ) -> ObservedResource? {
        let tags = Tags(instance.tagSet)
        guard let address = tags.address(of: kind.name) else { return nil }
        let rootID = instance.volume(at: instance.rootDeviceName)
        let root = volumes.first { $0.volumeId == rootID }
        let profile = instance.iamInstanceProfile?.arn?.split(separator: "/").last
        return ObservedResource(
            address, id: instance.instanceId,
            attributes: [
                "id": .string(instance.instanceId),
                "public_ipv4": text(instance.ipAddress),
                "private_ipv4": text(instance.privateIpAddress),
                "image_id": text(instance.imageId),
                "name": tags[Tag.name],
                "environment": tags[Tag.environment],
                "image": tags[Tag.image],
                "instance_type": text(instance.instanceType),
                "disk_gibibytes": root.map { .integer($0.size) } ?? .null,
                "subnet": text(instance.subnetId),
                "availability_zone": text(instance.placement?.availabilityZone),
                "instance_profile": text(profile.map(String.init)),
                "spot": .boolean(instance.instanceLifecycle == "spot"),
                "security_groups": .list(
                    (instance.groupSet?.items ?? []).map { .string($0.groupId) }),
                "data_volume": text(instance.volume(at: dataDevice)),
                "metadata_tokens": text(instance.metadataOptions?.httpTokens),
                "metadata_hop_limit": instance.metadataOptions?.httpPutResponseHopLimit
                    .map(Value.integer) ?? .null,
                "running": .boolean(["pending", "running"].contains(instance.instanceState.name)),
            ])
    }

    private static func text(_ text: String?) -> Value {
        text.flatMap { $0.isEmpty ? nil : .string($0) } ?? .null
    }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        let address = desired.address
        let instance: InstanceDocument
        let earlier = try await ec2.list(
            "DescribeInstances", [Filter("tag:\(Tag.key)", key.text)],
            as: DescribeInstancesPage.self)
        if let living = earlier.first(where: { !$0.hasEnded }) {
            instance = living
        } else {
            let predecessor = earlier.map(\.instanceId).max()
            instance = try await launch(desired, key: key, after: predecessor)
        }
        try await start(instance.instanceId, address)
        if let volume = desired["data_volume"]?.string {
            try await ec2.attach(volume, to: instance.instanceId, for: address)
        }
        return try await observed(instance.instanceId, address)
    }

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] {
        try await InstanceRequest(desired, key: key, after: nil, on: ec2).parameters
    }

    func delete(_ observed: ObservedResource) async throws {
        let id = observed.id
        do {
            try await ec2.perform("TerminateInstances", ["InstanceId": [.string(id)]])
        } catch let error as AWSError where error.code == "InvalidInstanceID.NotFound" {
            return
        }
        try await ec2.waiting(for: "\(id) to end", of: observed.address, atMost: .seconds(900)) {
            let instances = try await ec2.list(
                "DescribeInstances", [Filter("instance-id", id)], as: DescribeInstancesPage.self)
            return instances.contains { $0.instanceState.name != "terminated" } ? nil : ()
        }
    }

    /// What an earlier attempt with this key made, if it lives.
    private func find(_ key: IdempotencyKey) async throws -> InstanceDocument? {
        try await ec2.instances(Filter("tag:\(Tag.key)", key.text)).first
    }

    /// Runs a new instance; its security group may be news to some of AWS. A repeated token with
    /// another seed, which holds a fresh registration token, is refused; then the first attempt's
    /// instance is the one.
    private func launch(
        _ desired: Resource, key: IdempotencyKey, after predecessor: String?
    ) async throws -> InstanceDocument {
        let parameters = try await InstanceRequest(
            desired, key: key, after: predecessor, on: ec2
        ).parameters
        do {
            let made = try await ec2.insisting(
                on: creation, parameters, of: desired.address,
                despite: ["InvalidGroup.NotFound"], atMost: .seconds(60),
                as: ReservationDocument.self)
            if let instance = made.instancesSet.items.first { return instance }
        } catch let error as AWSError where error.code == "IdempotentParameterMismatch" {
            ec2.progress.progress(desired.address, "looking for the earlier attempt's instance")
        }
        return try await ec2.waiting(
            for: "the earlier attempt's instance", of: desired.address, atMost: .seconds(60)
        ) { try await find(key) }
    }
}

extension Instance {
    /// The instance as it is now, with its root disk.
    func observed(_ id: String, _ address: Address) async throws -> ObservedResource {
        async let volumes = ec2.volumes(Filter("attachment.instance-id", id))
        let instance = try await ec2.waiting(
            for: "\(id) to be listed", of: address, atMost: .seconds(120)
        ) { try await ec2.instances(Filter("instance-id", id)).first }
        if let observed = Self.observed(instance, volumes: try await volumes) { return observed }
        throw ProviderError(
            .conflict, provider: .aws, address: address, action: "recognise \(id)",
            detail: "its ownership tags were taken off meanwhile")
    }

    /// Sees to it that the instance runs, whatever state it is in.
    func start(_ id: String, _ address: Address) async throws {
        try await settled(id, address, in: ["running"]) { state in
            guard state == "stopped" else { return }
            try await ec2.perform("StartInstances", ["InstanceId": [.string(id)]])
        }
    }

    func stop(_ id: String, _ address: Address) async throws {
        try await settled(id, address, in: ["stopped"]) { state in
            guard state == "running" else { return }
            try await ec2.perform("StopInstances", ["InstanceId": [.string(id)]])
        }
    }

    /// Waits for a state, acting on each other one.
    ///
    /// - Throws: `ProviderError` with AWS's reason when the instance ends instead.
    private func settled(
        _ id: String, _ address: Address, in wanted: Set<String>,
        acting: (String) async throws -> Void
    ) async throws {
        let goal = wanted.sorted().joined(separator: " or ")
        try await ec2.waiting(for: "\(id) to be \(goal)", of: address, atMost: .seconds(900)) {
            () -> Void? in
            let found = try await ec2.list(
                "DescribeInstances", [Filter("instance-id", id)], as: DescribeInstancesPage.self)
            guard let instance = found.first else { return nil }
            let state = instance.instanceState.name
            if wanted.contains(state) { return () }
            if instance.hasEnded {
                throw AWSError(
                    code: instance.stateReason?.code ?? "InstanceTerminated",
                    message: instance.stateReason?.message ?? "the instance has ended",
                    operation: "ec2:RunInstances")
            }
            try await acting(state)
            return nil
        }
    }
}

extension InstanceDocument {
    /// True when it will never run again.
    fileprivate var hasEnded: Bool {
        ["shutting-down", "terminated"].contains(instanceState.name)
    }
}
