import Resources

/// What of a machine changes while it lives.
extension Instance {
    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try requireStoppable(observed, to: desired)
        try await ec2.retag(observed, to: desired) {
            try await ec2.instance(observed.id)?.parts ?? []
        }
        try await changeSecurityGroups(observed, to: desired)
        try await changeMetadataOptions(observed, to: desired)
        try await changeDataVolume(observed, to: desired)
        try await changeProfile(observed, to: desired)
        try await changeElasticIP(observed, to: desired)
        let isGrowing = try await growDisk(observed, to: desired)
        // After what takes a while to be seen: a run that takes over repeats one of the two.
        try await changeProtection(observed, to: desired)
        try await changeRunning(observed, to: desired, restarting: isGrowing)
        return try await self.observed(observed.id, desired.address)
    }

    /// Nothing is begun that could not be ended. The plan replaces a spot machine of another size.
    private func requireStoppable(_ observed: ObservedResource, to desired: Resource) throws {
        let field = "instance_type"
        guard observed["spot"] == true, differs(field, observed, from: desired) else { return }
        throw ProviderError(
            .unsupported, provider: .aws, address: desired.address,
            action: "change \(field) of \(observed.id)",
            detail: "the machine must stop for it, and a spot instance cannot",
            remedy: "Destroy the service, which keeps its data, and converge it anew.")
    }

    private func changeSecurityGroups(
        _ observed: ObservedResource, to desired: Resource
    ) async throws {
        guard differs("security_groups", observed, from: desired) else { return }
        try await modify(observed, ["GroupId": desired["security_groups"] ?? .null])
    }

    private func changeMetadataOptions(
        _ observed: ObservedResource, to desired: Resource
    ) async throws {
        let names = ["metadata_tokens", "metadata_hop_limit"]
        guard names.contains(where: { differs($0, observed, from: desired) }) else { return }
        try await ec2.perform(
            "ModifyInstanceMetadataOptions",
            [
                "InstanceId": .string(observed.id),
                "HttpEndpoint": "enabled",
                "HttpTokens": desired["metadata_tokens"] ?? .null,
                "HttpPutResponseHopLimit": desired["metadata_hop_limit"] ?? .null,
            ])
    }

    /// No list shows it, so every update sets it. Spot instances never have it.
    private func changeProtection(
        _ observed: ObservedResource, to desired: Resource
    ) async throws {
        guard let protect = desired["protect"] else { return }
        if observed["spot"] == true, protect == false { return }
        try await modify(observed, ["DisableApiTermination": ["Value": protect]])
    }

    private func changeDataVolume(
        _ observed: ObservedResource, to desired: Resource
    ) async throws {
        guard differs("data_volume", observed, from: desired) else { return }
        if let present = observed["data_volume"]?.string,
            let volume = try await ec2.volumes(Filter("volume-id", present)).first
        {
            try await ec2.detach(volume, for: desired.address)
        }
        if let wanted = desired["data_volume"]?.string {
            try await ec2.attach(wanted, to: observed.id, for: desired.address)
        }
    }

    private func changeProfile(
        _ observed: ObservedResource, to desired: Resource
    ) async throws {
        guard differs("instance_profile", observed, from: desired),
            let profile = desired["instance_profile"]
        else { return }
        let present = try await ec2.list(
            "DescribeIamInstanceProfileAssociations",
            [Filter("instance-id", observed.id), Filter("state", ["associating", "associated"])],
            as: DescribeProfileAssociationsPage.self
        ).first
        // A profile that IAM has and EC2 has not heard of is an invalid value.
        try await ec2.insisting(
            on: present == nil
                ? "AssociateIamInstanceProfile" : "ReplaceIamInstanceProfileAssociation",
            [
                "AssociationId": present.map { .string($0.associationId) } ?? .null,
                "InstanceId": present == nil ? .string(observed.id) : .null,
                "IamInstanceProfile": ["Name": profile],
            ], of: desired.address, despite: ["InvalidParameterValue"], atMost: .seconds(60))
    }

    private func changeElasticIP(
        _ observed: ObservedResource, to desired: Resource
    ) async throws {
        let wanted = desired["elastic_ip"]?.string
        guard differs("elastic_ip", observed, from: desired) else { return }
        if let wanted {
            try await ec2.associate(wanted, with: observed.id, for: desired.address)
        } else if let present = observed["elastic_ip"]?.string {
            for address in try await ec2.addresses(Filter("allocation-id", present)) {
                try await ec2.disassociate(address)
            }
        }
    }

    /// The file system on it grows at the next boot.
    private func growDisk(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> Bool {
        guard differs("disk_gibibytes", observed, from: desired),
            let size = desired["disk_gibibytes"]?.integer,
            let instance = try await ec2.instance(observed.id),
            let root = instance.volume(at: instance.rootDeviceName)
        else { return false }
        try await ec2.grow(
            root, from: observed["disk_gibibytes"]?.integer, to: size, for: desired.address)
        return true
    }

    /// Stops the machine where a change needs that, changes its type, and starts it.
    private func changeRunning(
        _ observed: ObservedResource, to desired: Resource, restarting: Bool
    ) async throws {
        let changesType = differs("instance_type", observed, from: desired)
        if restarting, observed["spot"] == true { return try await reboot(observed, desired) }
        if changesType || restarting { try await stop(observed.id, desired.address) }
        if changesType {
            try await modify(
                observed, ["InstanceType": ["Value": desired["instance_type"] ?? .null]])
        }
        switch desired["running"]?.boolean {
        case true: try await start(observed.id, desired.address)
        case false: try await stop(observed.id, desired.address)
        default: break
        }
    }

    /// A one-time spot machine cannot stop, and boots anew all the same.
    private func reboot(_ observed: ObservedResource, _ desired: Resource) async throws {
        try await start(observed.id, desired.address)
        try await ec2.perform("RebootInstances", ["InstanceId": [.string(observed.id)]])
    }

    /// ModifyInstanceAttribute takes one attribute a call.
    private func modify(
        _ observed: ObservedResource, _ attribute: [String: Value]
    ) async throws {
        try await ec2.perform(
            "ModifyInstanceAttribute",
            attribute.merging(["InstanceId": .string(observed.id)]) { first, _ in first })
    }
}
