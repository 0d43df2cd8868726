import Resources

/// The region's default VPC, with one subnet in each of three zones.
struct EC2Network {
    struct Subnet: Hashable {
        let id: String
        let zone: String
        /// The third number of its addresses' block, 172.31.N.0/20.
        let block: Int
        var cidr: String { "172.31.\(block).0/20" }
    }

    let region: String
    let vpc: String
    let subnets: [Subnet]
    /// True when the subnets have a block of IPv6 addresses.
    var hasIPv6 = false
    var zones: [String] { subnets.map(\.zone) }

    init(region: String, random: any RandomSource) {
        self.region = region
        vpc = "vpc-0" + random.hexadecimal(16)
        subnets = ["a", "b", "c"].enumerated().map { index, letter in
            Subnet(
                id: "subnet-0" + random.hexadecimal(16), zone: region + letter, block: index * 16)
        }
    }

    func subnet(_ id: String) -> Subnet? { subnets.first { $0.id == id } }
}

extension SimulatedEC2 {
    static let networkActions: [String: Action] = [
        "DescribeVpcs": { try $0.describeVPCs($1) },
        "DescribeSubnets": { try $0.describeSubnets($1) },
        "DescribeAvailabilityZones": { try $0.describeZones($1) },
        "DescribeImages": { try $0.describeImages($1) },
    ]

    private func describeVPCs(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("VpcId")
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        for id in ids where id != network.vpc {
            throw AWSError.notFound("InvalidVpcID", "vpc ID", id)
        }
        let table = EC2FilterTable<String>(
            id: { $0 },
            fields: [
                "vpc-id": { [$0] }, "is-default": { _ in ["true"] }, "isDefault": { _ in ["true"] },
                "state": { _ in ["available"] }, "cidr": { _ in ["172.31.0.0/16"] },
                "owner-id": { _ in [SimulatedAWS.account] },
            ])
        let (vpcs, next) = page.cut(try table.select([network.vpc], by: filters, tags: tags))
        return [
            XML("vpcSet", items: vpcs) { id in
                XML("vpcId", id)
                XML("ownerId", SimulatedAWS.account)
                XML("state", "available")
                XML("cidrBlock", "172.31.0.0/16")
                XML("instanceTenancy", "default")
                XML("isDefault", true)
                tagSet(of: id)
            }
        ] + next
    }

    private func describeSubnets(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("SubnetId")
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        for id in ids where network.subnet(id) == nil {
            throw AWSError.notFound("InvalidSubnetID", "subnet ID", id)
        }
        let table = EC2FilterTable<EC2Network.Subnet>(
            id: \.id,
            fields: [
                "subnet-id": { [$0.id] }, "vpc-id": { [vpc = network.vpc] _ in [vpc] },
                "availability-zone": { [$0.zone] }, "availabilityZone": { [$0.zone] },
                "default-for-az": { _ in ["true"] }, "defaultForAz": { _ in ["true"] },
                "state": { _ in ["available"] }, "cidr-block": { [$0.cidr] },
                "map-public-ip-on-launch": { _ in ["true"] },
                "owner-id": { _ in [SimulatedAWS.account] },
            ])
        let asked = network.subnets.filter { ids.isEmpty || ids.contains($0.id) }
        let (subnets, next) = page.cut(try table.select(asked, by: filters, tags: tags))
        return [
            XML("subnetSet", items: subnets) { subnet in
                XML("subnetId", subnet.id)
                XML("subnetArn", arn("subnet/\(subnet.id)"))
                XML("state", "available")
                XML("vpcId", network.vpc)
                XML("ownerId", SimulatedAWS.account)
                XML("cidrBlock", subnet.cidr)
                XML("availableIpAddressCount", 4091)
                XML("availabilityZone", subnet.zone)
                XML("defaultForAz", true)
                XML("mapPublicIpOnLaunch", true)
                XML("assignIpv6AddressOnCreation", false)
                if network.hasIPv6 {
                    XML("ipv6CidrBlockAssociationSet", items: [subnet]) { subnet in
                        XML("associationId", "subnet-cidr-assoc-\(subnet.block)")
                        XML("ipv6CidrBlock", "2600:1f18:0:\(subnet.block)::/64")
                        XML("ipv6CidrBlockState") { XML("state", "associated") }
                    }
                }
                tagSet(of: subnet.id)
            }
        ] + next
    }

    private func describeZones(_ parameters: QueryParameters) throws -> [XML] {
        let names = parameters.list("ZoneName")
        let filters = try parameters.filters()
        _ = try parameters.boolean("AllAvailabilityZones")
        try ready(parameters)
        for name in names where !network.zones.contains(name) {
            throw AWSError.invalid(name, for: "ZoneName", "No such zone.")
        }
        let table = EC2FilterTable<String>(
            id: { $0 },
            fields: [
                "zone-name": { [$0] }, "state": { _ in ["available"] },
                "region-name": { [region = network.region] _ in [region] },
                "zone-type": { _ in ["availability-zone"] },
                "opt-in-status": { _ in ["opt-in-not-required"] },
            ])
        let asked = network.zones.filter { names.isEmpty || names.contains($0) }
        let zones = try table.select(asked, by: filters, tags: tags)
        return [
            XML("availabilityZoneInfo", items: zones) { zone in
                XML("zoneName", zone)
                XML("zoneState", "available")
                XML("regionName", network.region)
                XML("zoneType", "availability-zone")
                XML("optInStatus", "opt-in-not-required")
                XML("messageSet") {}
            }
        ]
    }

    private func describeImages(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("ImageId")
        let owners = parameters.list("Owner")
        let filters = try parameters.filters()
        _ = try parameters.boolean("IncludeDeprecated")
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        for id in ids {
            try checkForm(id, "ami", "InvalidAMIID")
            guard MachineImageCatalogue.image(id) != nil else {
                throw AWSError("InvalidAMIID.NotFound", "The image id '[\(id)]' does not exist")
            }
        }
        let table = EC2FilterTable<AmazonImage>(
            id: \.id,
            fields: [
                "image-id": { [$0.id] }, "name": { [$0.name] }, "owner-id": { [$0.owner] },
                "architecture": { [$0.architecture] }, "state": { _ in ["available"] },
                "owner-alias": { [$0.ownerAlias].compactMap(\.self) },
                "root-device-type": { _ in ["ebs"] }, "virtualization-type": { _ in ["hvm"] },
                "is-public": { _ in ["true"] },
            ])
        let asked = MachineImageCatalogue.all.filter { image in
            (ids.isEmpty || ids.contains(image.id))
                && (owners.isEmpty || owners.contains(image.owner)
                    || owners.contains(image.ownerAlias ?? image.owner))
        }
        let (images, next) = page.cut(try table.select(asked, by: filters, tags: tags))
        return [XML("imagesSet", items: images, imageXML)] + next
    }

    @XMLBuilder private func imageXML(_ image: AmazonImage) -> [XML] {
        XML("imageId", image.id)
        XML("imageLocation", "\(image.ownerAlias ?? image.owner)/\(image.name)")
        XML("imageState", "available")
        XML("imageOwnerId", image.owner)
        XML("creationDate", "2025-08-14T22:04:00.000Z")
        XML("isPublic", true)
        XML("architecture", image.architecture)
        XML("imageType", "machine")
        XML("enaSupport", true)
        XML("name", image.name)
        XML("description", image.description)
        if let alias = image.ownerAlias { XML("imageOwnerAlias", alias) }
        XML("rootDeviceType", "ebs")
        XML("rootDeviceName", image.rootDevice)
        XML("blockDeviceMapping", items: [image]) { image in
            XML("deviceName", image.rootDevice)
            XML("ebs") {
                XML("deleteOnTermination", true)
                XML("volumeSize", image.rootSize)
                XML("volumeType", "gp3")
                XML("encrypted", false)
            }
        }
        XML("virtualizationType", "hvm")
        XML("hypervisor", "xen")
    }

    func arn(_ resource: String) -> String {
        "arn:aws:ec2:\(network.region):\(SimulatedAWS.account):\(resource)"
    }
}
