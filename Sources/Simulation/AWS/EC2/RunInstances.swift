import Resources
import OrderedCollections
import Foundation

extension SimulatedEC2 {
    func runInstances(_ parameters: QueryParameters) throws -> [XML] {
        let token = try readClientToken(parameters)
        let tags = try tagSpecifications(
            parameters, for: [.instance, .volume, .networkInterface, .spotRequest])
        let request = try RunInstancesRequest(parameters)
        try ready(parameters)
        if let earlier = try earlierUse(of: token, parameters) {
            return reservationXML(earlier.reservation, earlier.ids.compactMap { instances[$0] })
        }
        let subnet = try subnet(for: request)
        let groups = try groups(for: request)
        try checkProfile(request.profile)
        let isFull = fault == .noCapacity || lacksRoom(request.type.name, subnet.zone)
        guard !isFull else { throw Self.noCapacity(request.type.name, subnet.zone) }
        let reservation = newID("r", visible: true)
        let made = (0..<request.maximum).map { index in
            launch(request, reservation, index, subnet, groups, token ?? "", tags)
        }
        remember(token, parameters, reservation: reservation, ids: made.map(\.id))
        return reservationXML(reservation, made)
    }

    static func noCapacity(_ type: String, _ zone: String) -> AWSError {
        AWSError(
            "InsufficientInstanceCapacity",
            "We currently do not have sufficient \(type) capacity in the Availability Zone you "
                + "requested (\(zone)).", status: 500)
    }

    /// - Throws: `InvalidParameterValue` when it is too long or not ASCII.
    func readClientToken(_ parameters: QueryParameters) throws -> String? {
        guard let token = parameters.string("ClientToken") else { return nil }
        guard token.count <= 64, token.allSatisfy(\.isASCII) else {
            throw AWSError.invalid(token, for: "ClientToken", "At most 64 ASCII characters.")
        }
        return token.isEmpty ? nil : token
    }

    /// What a call with this token made before.
    /// - Throws: `IdempotentParameterMismatch` when that call asked for something else.
    func earlierUse(
        of token: String?, _ parameters: QueryParameters
    ) throws -> ClientTokenUse? {
        guard let token, let use = clientTokens[token] else { return nil }
        guard use.fingerprint == fingerprint(parameters) else {
            throw AWSError(
                "IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in "
                    + "previous request(s).")
        }
        return use
    }

    func remember(
        _ token: String?, _ parameters: QueryParameters, reservation: String, ids: [String]
    ) {
        guard let token else { return }
        clientTokens[token] = ClientTokenUse(
            fingerprint: fingerprint(parameters), reservation: reservation, ids: ids)
    }

    private func fingerprint(_ parameters: QueryParameters) -> String {
        parameters.fingerprint(without: ["ClientToken", "DryRun"])
    }

    private func subnet(for request: RunInstancesRequest) throws -> EC2Network.Subnet {
        if let id = request.subnet {
            guard let subnet = network.subnet(id) else {
                throw AWSError.notFound("InvalidSubnetID", "subnet ID", id)
            }
            guard request.zone == nil || request.zone == subnet.zone else {
                throw AWSError.combination("The subnet is not in the zone \(request.zone ?? "")")
            }
            return subnet
        }
        let subnet = network.subnets.first { request.zone == nil || request.zone == $0.zone }
        guard let subnet else {
            throw AWSError.invalid(request.zone ?? "", for: "AvailabilityZone", "No such zone.")
        }
        return subnet
    }

    private func groups(for request: RunInstancesRequest) throws -> [String] {
        for id in request.groups { _ = try group(id) }
        let named = try request.groupNames.map { name in
            guard let group = groups.values.first(where: { $0.name == name }) else {
                throw AWSError.notFound("InvalidGroup", "security group", name)
            }
            return group.id
        }
        let all = request.groups + named
        return all.isEmpty ? groups.values.filter { $0.name == "default" }.map(\.id) : all
    }

    private func launch(
        _ request: RunInstancesRequest, _ reservation: String, _ index: Int,
        _ subnet: EC2Network.Subnet, _ groups: [String], _ token: String,
        _ tags: [EC2ResourceType: [String: String]]
    ) -> EC2Instance {
        let id = newID("i")
        let instance = EC2Instance(
            id: id, reservation: reservation, launchIndex: index, image: request.image,
            type: request.type.name, subnet: subnet, vpc: network.vpc, clientToken: token,
            keyName: request.keyName, profile: request.profile, isSpot: request.isSpot,
            wantsPublicAddress: request.wantsPublicAddress ?? true,
            privateAddress: request.privateAddress ?? freePrivateAddress(in: subnet),
            launched: core.now, groups: groups, userData: request.userData, state: .pending,
            metadata: request.metadata, isProtected: request.isProtected,
            isEBSOptimized: request.isEBSOptimized, shutdownBehavior: request.shutdownBehavior,
            isMonitored: request.isMonitored)
        instances[id] = instance
        if request.ipv6AddressCount > 0 {
            instances[id]?.ipv6Address =
                "2600:1f18:0:\(subnet.block)::" + core.random.hexadecimal(4)
        }
        self.tags[id] = tags[.instance]
        for disk in request.disks { addDisk(disk, to: instance, tags: tags[.volume]) }
        if fault == .taskFails {
            failToLaunch(id)
        } else {
            bringUp(id)
        }
        return instances[id] ?? instance
    }

    private func addDisk(
        _ disk: RunInstancesRequest.Disk, to instance: EC2Instance, tags: [String: String]?
    ) {
        let volume = EC2Volume(
            id: newID("vol"), zone: instance.subnet.zone, size: disk.shape.size,
            type: disk.shape.type, iops: disk.shape.iops, throughput: disk.shape.throughput,
            isEncrypted: disk.isEncrypted, created: core.now, snapshot: nil, state: .inUse)
        volumes[volume.id] = volume
        self.tags[volume.id] = tags
        attach(
            volume.id, to: instance.id, at: disk.device,
            deletesOnTermination: disk.deletesOnTermination, .attached)
    }

    private func freePrivateAddress(in subnet: EC2Network.Subnet) -> String {
        let used = Set(
            instances.values.filter { $0.state != .terminated }.map(\.privateAddress))
        let candidates = (0..<16).lazy.flatMap { high in
            (4..<255).lazy.map { "172.31.\(subnet.block + high).\($0)" }
        }
        return candidates.first { !used.contains($0) } ?? "172.31.\(subnet.block).4"
    }
}
