import Resources

/// A service's machine.
struct Instance: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "instance"), title: "EC2 instance",
        requires: [
            SecurityGroup.kind.name, Volume.kind.name, ElasticIP.kind.name,
            InstanceProfile.kind.name,
        ],
        losses: [.disk("disk_gibibytes")],
        survivesRename: true,
        fields: [
            Field("id", .string, [.computed]),
            Field("public_ipv4", .string, [.computed]),
            Field("private_ipv4", .string, [.computed]),
            Field("public_ipv6", .string, [.computed]),
            Field("image_id", .string, [.computed]),
            Field("newer_image", .string, [.computed, .offered(to: "image_id")]),
            Field("reseedable", .boolean, [.computed]),
            Field("name", .string),
            Field("environment", .string),
            Field("image", .string, [.immutable]),
            Field("architecture", .string, [.immutable]),
            Field("instance_type", .string, [.restarting]),
            Field("disk_gibibytes", .integer, [.restarting]),
            Field("vpc", .string, [.immutable]),
            Field("subnet", .string, [.immutable]),
            Field("availability_zone", .string, [.immutable]),
            Field("instance_profile", .string, canonical: nothingIsNone),
            Field("elastic_ip", .string, canonical: nothingIsNone),
            Field("spot", .boolean, [.immutable], fallback: false),
            Field("spot_type", .string, [.immutable]),
            Field("security_groups", .list, [.unordered], fallback: []),
            Field("data_volume", .string),
            Field("metadata_tokens", .string),
            Field("metadata_hop_limit", .integer),
            Field("running", .boolean),
            Field("protect", .boolean, [.unobservable], fallback: false),
            Field("seed", .string, [.secret, .createOnly]),
            Field("runner_version", .string, [.computed, .unobservable, .createOnly]),
            Field("registration_expires_at", .string, [.computed, .unobservable, .createOnly]),
        ])

    /// Not to have one is worth recording: it tells when one came behind the state's back.
    private static let nothingIsNone: @Sendable (Value) -> Value = { $0 == .null ? "none" : $0 }

    /// Where the data volume is attached.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html>
    static let dataDevice = "/dev/sdf"

    let ec2: EC2
    let creation = "RunInstances"

    /// - Parameters:
    ///   - volumes: among which the root disk is looked up.
    ///   - addresses: among which its own is looked up.
    static func observed(
        _ instance: InstanceDocument, volumes: [VolumeDocument], addresses: [AddressDocument]
    ) -> ObservedResource? {
        let tags = Tags(instance.tagSet)
        guard let address = tags.address(of: kind.name) else { return nil }
        let rootID = instance.volume(at: instance.rootDeviceName)
        let root = volumes.first { $0.volumeId == rootID }
        let profile = instance.iamInstanceProfile?.arn?.split(separator: "/").last
        let elasticIP = addresses.first { $0.instanceId == instance.instanceId }
        let type = text(instance.instanceType)
        let isSpot = instance.instanceLifecycle == "spot"
        // A spot machine may be of another type than was asked for, and is as good.
        let spotType = !isSpot ? .null : tags[Tag.spotType] == .null ? type : tags[Tag.spotType]
        return ObservedResource(
            address, id: instance.instanceId,
            attributes: [
                "id": .string(instance.instanceId),
                "public_ipv4": text(instance.ipAddress),
                "private_ipv4": text(instance.privateIpAddress),
                "public_ipv6": text(instance.ipv6Address),
                "image_id": text(instance.imageId),
                "reseedable": takesSeeds(instance) ? true : .null,
                "registration_expires_at": tags[Tag.seedEnd],
                "name": tags[Tag.name],
                "environment": tags[Tag.environment],
                "image": tags[Tag.image],
                "architecture": text(instance.architecture),
                "instance_type": isSpot ? spotType : type,
                "spot_type": spotType,
                "disk_gibibytes": root.map { .integer($0.size) } ?? .null,
                "vpc": text(instance.vpcId),
                "subnet": text(instance.subnetId),
                "availability_zone": text(instance.placement?.availabilityZone),
                "instance_profile": text(profile.map(String.init)),
                "elastic_ip": text(elasticIP?.allocationId),
                "spot": .boolean(isSpot),
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
            if living.isOff, Self.takesSeeds(living) {
                try await putSeed(into: living.instanceId, desired)
            }
        } else {
            let predecessor = earlier.map(\.instanceId).max()
            instance = try await launch(desired, key: key, after: predecessor)
        }
        try await start(instance.instanceId, address)
        if let volume = desired["data_volume"]?.string {
            try await ec2.attach(volume, to: instance.instanceId, for: address)
        }
        if let elasticIP = desired["elastic_ip"]?.string {
            try await ec2.associate(elasticIP, with: instance.instanceId, for: address)
        }
        return try await observed(instance.instanceId, address)
    }

    /// Of the first place where it would be tried.
    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] {
        try await InstanceRequest(desired, key: key, after: nil, on: ec2).first
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

    /// Runs a new instance in the first place that has room.
    private func launch(
        _ desired: Resource, key: IdempotencyKey, after predecessor: String?
    ) async throws -> InstanceDocument {
        let request = try await InstanceRequest(desired, key: key, after: predecessor, on: ec2)
        var refusal: AWSError?
        for parameters in request.attempts {
            do {
                return try await run(parameters, desired, key)
            } catch let error as AWSError where error.isLackOfRoom {
                let place =
                    "\(parameters["InstanceType"]?.string ?? "") in "
                    + "\(parameters["SubnetId"]?.string ?? "")"
                ec2.progress.progress(desired.address, "no room for \(place): \(error.code)")
                refusal = error
            }
        }
        throw refusal
            ?? AWSError(
                code: "InsufficientInstanceCapacity", message: "there is no place to try",
                permission: "ec2:\(creation)")
    }

    /// The security group and the profile may be news to some of AWS. A repeated token with
    /// another seed, which holds a fresh registration token, is refused; then the first attempt's
    /// instance is the one.
    private func run(
        _ parameters: [String: Value], _ desired: Resource, _ key: IdempotencyKey
    ) async throws -> InstanceDocument {
        do {
            let news: Set = ["InvalidGroup.NotFound", "InvalidSubnetID.NotFound"]
            let made = try await ec2.insisting(
                on: creation, parameters, of: desired.address,
                // A profile that IAM has and EC2 has not heard of is an invalid value.
                despite: news.union(
                    desired["instance_profile"] == nil ? [] : ["InvalidParameterValue"]),
                atMost: .seconds(60), as: ReservationDocument.self)
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
        async let addresses = ec2.addresses(Filter("instance-id", id), ec2.ownNetwork)
        let instance = try await ec2.waiting(
            for: "\(id) to be listed", of: address, atMost: .seconds(120)
        ) { try await ec2.instance(id) }
        let observed = try await Self.observed(
            instance, volumes: volumes, addresses: addresses)
        if let observed { return observed }
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
                    permission: "ec2:RunInstances")
            }
            try await acting(state)
            return nil
        }
    }
}

extension InstanceDocument {
    /// True when it is switched off, or about to be.
    fileprivate var isOff: Bool { ["stopping", "stopped"].contains(instanceState.name) }

    /// True when it will never run again.
    fileprivate var hasEnded: Bool {
        ["shutting-down", "terminated"].contains(instanceState.name)
    }
}
