import Foundation

/// What a RunInstances request asks for, checked as far as that goes without looking around.
struct RunInstancesRequest {
    struct Disk {
        let device: String
        let shape: EC2VolumeShape
        let isEncrypted: Bool
        let deletesOnTermination: Bool
    }

    let minimum: Int
    let maximum: Int
    let image: AmazonImage
    let type: EC2InstanceType
    let subnet: String?
    let zone: String?
    let groups: [String]
    let groupNames: [String]
    let privateAddress: String?
    let ipv6AddressCount: Int
    let wantsPublicAddress: Bool?
    let userData: [UInt8]
    let keyName: String?
    let profile: String?
    let isSpot: Bool
    let isProtected: Bool
    let isEBSOptimized: Bool
    let isMonitored: Bool
    let shutdownBehavior: String
    let metadata: EC2Instance.MetadataOptions
    let disks: [Disk]

    /// - Throws: `AWSError`
    init(_ parameters: QueryParameters) throws {
        minimum = try parameters.integer("MinCount", in: 1...100) ?? 0
        maximum = try parameters.integer("MaxCount", in: 1...100) ?? 0
        guard minimum > 0 else { throw AWSError.missing("MinCount") }
        guard maximum >= minimum else {
            throw maximum == 0
                ? AWSError.missing("MaxCount")
                : AWSError.combination("MaxCount must not be smaller than MinCount")
        }
        image = try Self.image(parameters)
        type = try EC2InstanceType(try parameters.required("InstanceType"))
        try type.check(for: image)
        let card = try Self.card(parameters)
        subnet = card?.string("SubnetId") ?? parameters.string("SubnetId")
        groups = (card?.list("SecurityGroupId") ?? []) + parameters.list("SecurityGroupId")
        groupNames = parameters.list("SecurityGroup")
        privateAddress =
            card?.string("PrivateIpAddress") ?? parameters.string("PrivateIpAddress")
        wantsPublicAddress = try card?.boolean("AssociatePublicIpAddress")
        ipv6AddressCount = try parameters.integer("Ipv6AddressCount", in: 0...16) ?? 0
        let placement = parameters.structure("Placement")
        zone = placement?.string("AvailabilityZone")
        _ = try placement?.choice("Tenancy", of: ["default", "dedicated"])
        userData = try Self.userData(parameters.string("UserData"))
        keyName = parameters.string("KeyName")
        let profile = parameters.structure("IamInstanceProfile")
        self.profile = profile?.string("Arn") ?? profile?.string("Name")
        isSpot = try Self.isSpot(parameters)
        isProtected = try parameters.boolean("DisableApiTermination") ?? false
        isEBSOptimized = try parameters.boolean("EbsOptimized") ?? false
        isMonitored = try parameters.structure("Monitoring")?.boolean("Enabled") ?? false
        shutdownBehavior =
            try parameters.choice(
                "InstanceInitiatedShutdownBehavior", of: ["stop", "terminate"]) ?? "stop"
        var metadata = EC2Instance.MetadataOptions()
        if let options = parameters.structure("MetadataOptions") { try metadata.apply(options) }
        self.metadata = metadata
        _ = parameters.structure("CreditSpecification")?.string("CpuCredits")
        disks = try Self.disks(parameters, image)
    }

    /// Decodes user data.
    /// - Throws: `InvalidUserData.Malformed` when it is no base64 or over 16 KiB.
    static func userData(_ text: String?) throws -> [UInt8] {
        guard let text else { return [] }
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            throw AWSError("InvalidParameterValue", "Invalid BASE64 encoding of user data.")
        }
        guard data.count <= 16_384 else {
            throw AWSError("InvalidUserData.Malformed", "User data is limited to 16384 bytes")
        }
        return Array(data)
    }

    private static func image(_ parameters: QueryParameters) throws -> AmazonImage {
        let id = try parameters.required("ImageId")
        guard id.hasPrefix("ami-") else {
            throw AWSError(
                "InvalidAMIID.Malformed", "Invalid id: \"\(id)\" (expecting \"ami-...\")")
        }
        guard let image = MachineImageCatalogue.image(id) else {
            throw AWSError("InvalidAMIID.NotFound", "The image id '[\(id)]' does not exist")
        }
        return image
    }

    /// The one network interface of the machine, when the request describes it.
    private static func card(_ parameters: QueryParameters) throws -> QueryParameters? {
        let cards = parameters.structures("NetworkInterface")
        guard let card = cards.first else { return nil }
        guard cards.count == 1, card.string("DeviceIndex") == "0" else {
            throw AWSError.invalid(
                String(cards.count), for: "NetworkInterface", "One, with DeviceIndex 0.")
        }
        guard parameters.string("SubnetId") == nil, parameters.list("SecurityGroupId").isEmpty
        else {
            throw AWSError.combination(
                "Network interfaces and an instance-level subnet ID or security groups may not "
                    + "be specified on the same request")
        }
        _ = try card.boolean("DeleteOnTermination")
        _ = card.string("Description")
        return card
    }

    private static func isSpot(_ parameters: QueryParameters) throws -> Bool {
        guard let market = parameters.structure("InstanceMarketOptions") else { return false }
        let kind = try market.choice("MarketType", of: ["spot"])
        if let spot = market.structure("SpotOptions") {
            let persistence = try spot.choice(
                "SpotInstanceType", of: ["one-time", "persistent"])
            let behavior = try spot.choice(
                "InstanceInterruptionBehavior", of: ["stop", "hibernate", "terminate"])
            _ = spot.string("MaxPrice")
            if persistence == "persistent", behavior == nil || behavior == "terminate" {
                throw AWSError.combination(
                    "Persistent requests need InstanceInterruptionBehavior stop or hibernate")
            }
        }
        return kind == "spot"
    }

    private static func disks(
        _ parameters: QueryParameters, _ image: AmazonImage
    ) throws -> [Disk] {
        var root = Disk(
            device: image.rootDevice,
            shape: EC2VolumeShape(size: image.rootSize, type: "gp3", iops: 3000, throughput: 125),
            isEncrypted: false, deletesOnTermination: true)
        var others: [Disk] = []
        for mapping in parameters.structures("BlockDeviceMapping") {
            let device = try mapping.required("DeviceName")
            guard let volume = mapping.structure("Ebs") else {
                throw AWSError.missing("BlockDeviceMapping.N.Ebs")
            }
            let isRoot = device == image.rootDevice
            let shape = try EC2VolumeShape(
                volume, sizeName: "VolumeSize",
                current: isRoot ? root.shape : EC2VolumeShape(size: 0, type: "gp2"))
            guard shape.size >= (isRoot ? image.rootSize : 1) else {
                throw AWSError(
                    "InvalidBlockDeviceMapping",
                    "Volume of size \(shape.size)GB is smaller than snapshot, expect size >= "
                        + "\(image.rootSize)GB")
            }
            let disk = Disk(
                device: device, shape: shape,
                isEncrypted: try volume.boolean("Encrypted") ?? false,
                deletesOnTermination: try volume.boolean("DeleteOnTermination") ?? true)
            if isRoot { root = disk } else { others.append(disk) }
        }
        return [root] + others
    }
}

extension EC2Instance.MetadataOptions {
    /// Takes over what the request gives.
    /// - Throws: `InvalidParameterValue`
    mutating func apply(_ parameters: QueryParameters) throws {
        let switches = ["enabled", "disabled"]
        tokens = try parameters.choice("HttpTokens", of: ["optional", "required"]) ?? tokens
        hopLimit = try parameters.integer("HttpPutResponseHopLimit", in: 1...64) ?? hopLimit
        endpoint = try parameters.choice("HttpEndpoint", of: switches) ?? endpoint
        ipv6 = try parameters.choice("HttpProtocolIpv6", of: switches) ?? ipv6
        tags = try parameters.choice("InstanceMetadataTags", of: switches) ?? tags
    }
}
