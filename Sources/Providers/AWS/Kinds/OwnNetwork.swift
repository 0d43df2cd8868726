import Resources

/// The small VPC of a project in an account that has no default one: a public subnet in each of
/// up to three zones. The first service that needs it makes it, the last to go takes it along.
///
/// Each part is looked for before it is made, so an attempt that broke off is continued.
struct OwnNetwork {
    private static let block = "10.98.0.0/16"
    private static let zones = 3

    let ec2: EC2
    let address: Address

    /// Makes what is missing of it.
    func ensure() async throws {
        let vpc = try await vpc()
        try await ensureGateway(of: vpc)
        try await ensureSubnets(of: vpc)
    }

    private func vpc() async throws -> String {
        try await ec2.makingOnce(
            find: { try await vpcs().map(\.vpcId).min() },
            make: {
                let made: CreatedVPCDocument = try await ec2.call(
                    "CreateVpc",
                    [
                        "CidrBlock": .string(Self.block),
                        "TagSpecification": tags("vpc"),
                    ], isRepeatable: false)
                return made.vpc.vpcId
            })
    }

    private func ensureGateway(of vpc: String) async throws {
        let gateways = try await gateways()
        let gateway = try await ec2.makingOnce(
            find: { gateways.map(\.internetGatewayId).min() },
            make: {
                let made: CreatedInternetGatewayDocument = try await ec2.call(
                    "CreateInternetGateway", ["TagSpecification": tags("internet-gateway")],
                    isRepeatable: false)
                return made.internetGateway.internetGatewayId
            })
        let isAttached = gateways.contains { gateway in
            gateway.attachmentSet?.items.contains { $0.vpcId == vpc } ?? false
        }
        if !isAttached {
            try await insist(
                "AttachInternetGateway",
                ["InternetGatewayId": .string(gateway), "VpcId": .string(vpc)],
                despite: ["InvalidInternetGatewayID.NotFound", "InvalidVpcID.NotFound"],
                fine: "Resource.AlreadyAssociated")
        }
        try await ensureRoute(to: gateway, from: vpc)
    }

    private func ensureRoute(to gateway: String, from vpc: String) async throws {
        let table = try await ec2.waiting(
            for: "the route table of \(vpc)", of: address, atMost: .seconds(60)
        ) {
            try await ec2.list(
                "DescribeRouteTables",
                [Filter("vpc-id", vpc), Filter("association.main", "true")],
                as: DescribeRouteTablesPage.self
            ).first
        }
        if table.routeSet?.items.contains(where: { $0.gatewayId == gateway }) ?? false { return }
        try await insist(
            "CreateRoute",
            [
                "RouteTableId": .string(table.routeTableId),
                "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": .string(gateway),
            ], despite: ["InvalidGatewayID.NotFound", "InvalidRouteTableID.NotFound"],
            fine: "RouteAlreadyExists")
    }

    private func ensureSubnets(of vpc: String) async throws {
        let zones: DescribeAvailabilityZonesDocument = try await ec2.call(
            "DescribeAvailabilityZones",
            ["Filter": [Filter("zone-type", "availability-zone").value]])
        let names = (zones.availabilityZoneInfo?.items ?? []).map(\.zoneName).sorted()
        let present = try await ec2.subnets(Filter("vpc-id", vpc))
        for (number, zone) in names.prefix(Self.zones).enumerated() {
            let subnet = try await ec2.makingOnce(
                find: { present.first { $0.availabilityZone == zone }?.subnetId },
                make: { try await makeSubnet(number, zone, vpc) })
            try await insist(
                "ModifySubnetAttribute",
                ["SubnetId": .string(subnet), "MapPublicIpOnLaunch": ["Value": true]],
                despite: ["InvalidSubnetID.NotFound"])
        }
    }

    /// A second one of the same block is refused, so what an attempt made is found by its zone.
    private func makeSubnet(_ number: Int, _ zone: String, _ vpc: String) async throws -> String {
        do {
            let made: CreatedSubnetDocument = try await ec2.insisting(
                on: "CreateSubnet",
                [
                    "VpcId": .string(vpc), "AvailabilityZone": .string(zone),
                    "CidrBlock": .string("10.98.\(number * 16).0/20"),
                    "TagSpecification": tags("subnet"),
                ], of: address, despite: ["InvalidVpcID.NotFound"],
                as: CreatedSubnetDocument.self)
            return made.subnet.subnetId
        } catch let error as AWSError where error.code == "InvalidSubnet.Conflict" {
            let own = try await ec2.subnets(
                Filter("vpc-id", vpc), Filter("availability-zone", zone))
            guard let subnet = own.first else { throw error }
            return subnet.subnetId
        }
    }

    /// Removes the network when nothing of any service is in it any more.
    ///
    /// - Throws: `AWSError` with `DependencyViolation` when something else stays in it.
    func removeIfUnused() async throws {
        for vpc in try await vpcs().map(\.vpcId) {
            // Interfaces and addresses of what was just deleted linger.
            try await ec2.persisting(
                for: "\(vpc) to be empty", of: address, despite: ["DependencyViolation"],
                atMost: .seconds(120)
            ) { try await removeIfUnused(vpc) }
        }
    }

    private func removeIfUnused(_ vpc: String) async throws {
        let groups = try await ec2.securityGroups(Filter("vpc-id", vpc))
        let isUsed = groups.contains {
            $0.groupName != "default" && !ec2.deletedGroups.contains($0.groupId)
        }
        guard !isUsed else { return }
        for subnet in try await ec2.subnets(Filter("vpc-id", vpc)) {
            try await remove("DeleteSubnet", ["SubnetId": .string(subnet.subnetId)])
        }
        for gateway in try await gateways() {
            let id = Value.string(gateway.internetGatewayId)
            if gateway.attachmentSet?.items.isEmpty == false {
                try await remove(
                    "DetachInternetGateway", ["InternetGatewayId": id, "VpcId": .string(vpc)])
            }
            try await remove("DeleteInternetGateway", ["InternetGatewayId": id])
        }
        try await remove("DeleteVpc", ["VpcId": .string(vpc)])
    }

    // MARK: - Its parts

    private func vpcs() async throws -> [VPCDocument] {
        try await ec2.list(
            "DescribeVpcs", [ec2.ownNetwork, ec2.ownPart], as: DescribeVPCsPage.self)
    }

    private func gateways() async throws -> [InternetGatewayDocument] {
        try await ec2.list(
            "DescribeInternetGateways", [ec2.ownNetwork, ec2.ownPart],
            as: DescribeInternetGatewaysPage.self)
    }

    private func tags(_ type: String) -> Value {
        [
            [
                "ResourceType": .string(type),
                "Tag": Tag.list([
                    Tag.project: ec2.project, Tag.part: "network",
                    Tag.name: "launch-\(ec2.project)",
                ]),
            ]
        ]
    }

    private func insist(
        _ action: String, _ parameters: [String: Value], despite codes: Set<String>,
        fine: String? = nil
    ) async throws {
        do {
            try await ec2.insisting(on: action, parameters, of: address, despite: codes)
        } catch let error as AWSError where error.code == fine {}
    }

    private func remove(_ action: String, _ parameters: [String: Value]) async throws {
        do {
            try await ec2.perform(action, parameters)
        } catch let error as AWSError where error.reason == .notFound {}
    }
}
