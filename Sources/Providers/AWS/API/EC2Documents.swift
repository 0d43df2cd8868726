// The parts of EC2's answers that Launch reads; every other element is ignored.
// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Types.html>

/// `<xSet><item>…</item></xSet>`, also empty.
struct ItemSet<Item: Decodable>: Decodable {
    let items: [Item]

    private enum CodingKeys: String, CodingKey { case item }

    init(_ items: [Item]) { self.items = items }

    init(from decoder: any Decoder) throws {
        let container = try? decoder.container(keyedBy: CodingKeys.self)
        items = try container?.decodeIfPresent([Item].self, forKey: .item) ?? []
    }
}

/// An answer of which only the success matters.
struct EmptyDocument: Decodable {}

/// One page of a list.
protocol Page: Decodable {
    associatedtype Element
    var elements: [Element] { get }
    /// Absent or empty on the last page.
    var nextToken: String? { get }
}

struct TagDocument: Decodable {
    let key: String
    let value: String?
}

struct DescribeInstancesPage: Page {
    struct Reservation: Decodable { let instancesSet: ItemSet<InstanceDocument>? }

    let reservationSet: ItemSet<Reservation>?
    let nextToken: String?
    var elements: [InstanceDocument] {
        (reservationSet?.items ?? []).flatMap { $0.instancesSet?.items ?? [] }
    }
}

/// The answer to RunInstances.
struct ReservationDocument: Decodable { let instancesSet: ItemSet<InstanceDocument> }

struct InstanceDocument: Decodable {
    struct State: Decodable { let name: String }
    struct StateReason: Decodable {
        let code: String?
        let message: String?
    }
    struct Placement: Decodable { let availabilityZone: String? }
    struct Group: Decodable { let groupId: String }
    struct Profile: Decodable { let arn: String? }
    struct MetadataOptions: Decodable {
        let httpTokens: String?
        let httpPutResponseHopLimit: Int?
    }
    struct BlockDevice: Decodable {
        struct EBS: Decodable { let volumeId: String? }
        let deviceName: String
        let ebs: EBS?
    }
    struct Interface: Decodable {
        struct Attachment: Decodable { let deviceIndex: Int? }
        let networkInterfaceId: String
        let attachment: Attachment?
    }

    let instanceId: String
    let imageId: String?
    let instanceState: State
    let stateReason: StateReason?
    let instanceType: String?
    let instanceLifecycle: String?
    let architecture: String?
    let ipAddress: String?
    let ipv6Address: String?
    let privateIpAddress: String?
    let vpcId: String?
    let subnetId: String?
    let placement: Placement?
    let groupSet: ItemSet<Group>?
    var tagSet: ItemSet<TagDocument>?
    let rootDeviceName: String?
    let blockDeviceMapping: ItemSet<BlockDevice>?
    let iamInstanceProfile: Profile?
    let metadataOptions: MetadataOptions?
    let networkInterfaceSet: ItemSet<Interface>?

    /// The ids of what was made with it, and bears its marks: its boot disk and its first network
    /// interface.
    var parts: [String] {
        let interface = networkInterfaceSet?.items.first { $0.attachment?.deviceIndex == 0 }
        return [volume(at: rootDeviceName), interface?.networkInterfaceId].compactMap(\.self)
    }

    /// The volume at a device name.
    func volume(at device: String?) -> String? {
        blockDeviceMapping?.items.first { $0.deviceName == device }?.ebs?.volumeId
    }
}

struct DescribeVolumesPage: Page {
    let volumeSet: ItemSet<VolumeDocument>?
    let nextToken: String?
    var elements: [VolumeDocument] { volumeSet?.items ?? [] }
}

/// An item of DescribeVolumes, and the answer to CreateVolume.
struct VolumeDocument: Decodable {
    struct Attachment: Decodable {
        let instanceId: String?
        let status: String?
    }

    let volumeId: String
    let size: Int
    let status: String
    let availabilityZone: String
    var tagSet: ItemSet<TagDocument>?
    let attachmentSet: ItemSet<Attachment>?

    var attachments: [Attachment] { attachmentSet?.items ?? [] }
}

struct DescribeSecurityGroupsPage: Page {
    let securityGroupInfo: ItemSet<SecurityGroupDocument>?
    let nextToken: String?
    var elements: [SecurityGroupDocument] { securityGroupInfo?.items ?? [] }
}

struct SecurityGroupDocument: Decodable {
    struct Permission: Decodable {
        struct IPv4: Decodable { let cidrIp: String }
        struct IPv6: Decodable { let cidrIpv6: String }
        struct Group: Decodable { let groupId: String }
        struct PrefixList: Decodable { let prefixListId: String }

        let ipProtocol: String
        let fromPort: Int?
        let toPort: Int?
        let ipRanges: ItemSet<IPv4>?
        let ipv6Ranges: ItemSet<IPv6>?
        let groups: ItemSet<Group>?
        let prefixListIds: ItemSet<PrefixList>?
    }

    let groupId: String
    let groupName: String
    let vpcId: String?
    var tagSet: ItemSet<TagDocument>?
    let ipPermissions: ItemSet<Permission>?
    let ipPermissionsEgress: ItemSet<Permission>?
}

/// The answer to CreateSecurityGroup.
struct CreatedGroupDocument: Decodable { let groupId: String }

struct DescribeSubnetsPage: Page {
    let subnetSet: ItemSet<SubnetDocument>?
    let nextToken: String?
    var elements: [SubnetDocument] { subnetSet?.items ?? [] }
}

/// An item of DescribeSubnets; also within the answer to CreateSubnet.
struct SubnetDocument: Decodable {
    struct IPv6Block: Decodable {
        struct State: Decodable { let state: String? }
        let ipv6CidrBlockState: State?
    }

    let subnetId: String
    let vpcId: String
    let availabilityZone: String
    let ipv6CidrBlockAssociationSet: ItemSet<IPv6Block>?

    var hasIPv6: Bool {
        (ipv6CidrBlockAssociationSet?.items ?? []).contains {
            $0.ipv6CidrBlockState?.state == "associated"
        }
    }
}

/// The answer to CreateSubnet.
struct CreatedSubnetDocument: Decodable { let subnet: SubnetDocument }

struct DescribeVPCsPage: Page {
    let vpcSet: ItemSet<VPCDocument>?
    let nextToken: String?
    var elements: [VPCDocument] { vpcSet?.items ?? [] }
}

struct VPCDocument: Decodable {
    let vpcId: String
    var tagSet: ItemSet<TagDocument>?
}

/// The answer to CreateVpc.
struct CreatedVPCDocument: Decodable { let vpc: VPCDocument }

struct DescribeInternetGatewaysPage: Page {
    let internetGatewaySet: ItemSet<InternetGatewayDocument>?
    let nextToken: String?
    var elements: [InternetGatewayDocument] { internetGatewaySet?.items ?? [] }
}

struct InternetGatewayDocument: Decodable {
    struct Attachment: Decodable { let vpcId: String? }

    let internetGatewayId: String
    let attachmentSet: ItemSet<Attachment>?
}

/// The answer to CreateInternetGateway.
struct CreatedInternetGatewayDocument: Decodable {
    let internetGateway: InternetGatewayDocument
}

struct DescribeRouteTablesPage: Page {
    struct Table: Decodable {
        struct Route: Decodable {
            let destinationCidrBlock: String?
            let gatewayId: String?
        }

        let routeTableId: String
        let routeSet: ItemSet<Route>?
    }

    let routeTableSet: ItemSet<Table>?
    let nextToken: String?
    var elements: [Table] { routeTableSet?.items ?? [] }
}

struct DescribeAvailabilityZonesDocument: Decodable {
    struct Zone: Decodable { let zoneName: String }

    let availabilityZoneInfo: ItemSet<Zone>?
}

struct DescribeAddressesDocument: Decodable { let addressesSet: ItemSet<AddressDocument>? }

/// An Elastic IP address.
struct AddressDocument: Decodable {
    let allocationId: String
    let publicIp: String
    let associationId: String?
    let instanceId: String?
    var tagSet: ItemSet<TagDocument>?
}

/// The answer to AllocateAddress.
struct AllocatedAddressDocument: Decodable {
    let allocationId: String
    let publicIp: String
}

struct DescribeProfileAssociationsPage: Page {
    struct Association: Decodable {
        let associationId: String
        let state: String?
    }

    let iamInstanceProfileAssociationSet: ItemSet<Association>?
    let nextToken: String?
    var elements: [Association] { iamInstanceProfileAssociationSet?.items ?? [] }
}
