import AWS
import HTTP
import Resources
import TestSupport
import Testing

@Suite struct VolumeTests {
    private static let address = Address(service: "web", kind: KindName(.aws, "volume"))
    private static let desired = Resource(
        address,
        attributes: ["name": "demo-web-data", "environment": "production", "gibibytes": 7])
    private static let observed = ObservedResource(
        address, id: "vol-data",
        attributes: [
            "id": "vol-data", "availability_zone": "eu-central-1a", "name": "demo-web-data",
            "environment": "production", "gibibytes": 7,
            "protect": false,
        ])
    private static let done = HTTPResponse.xml("Any", "<return>true</return>")
    private static let subnets = HTTPResponse.xml(
        "DescribeSubnets",
        """
        <subnetSet><item><subnetId>subnet-2</subnetId><vpcId>vpc-1</vpcId>\
        <availabilityZone>eu-central-1b</availabilityZone></item><item>\
        <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>\
        <availabilityZone>eu-central-1a</availabilityZone></item></subnetSet>
        """)

    @Test func isMadeEncryptedInTheFirstZone() async throws {
        let http = RoutedHTTPClient([
            "DescribeVolumes": [
                ListedVolume.page([]),
                ListedVolume.page(ListedVolume(id: "vol-data", status: "creating")),
                ListedVolume.page(.data),
            ],
            "DescribeSubnets": [Self.subnets],
            "CreateVolume": [.xml("CreateVolume", ListedVolume.data.members)],
        ])
        let made = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired, key: IdempotencyKey("k1"))
        }
        #expect(made == Self.observed)
        #expect(
            http.changes.first?.filter { !$0.hasPrefix("TagSpecification") } == [
                "Action=CreateVolume", "AvailabilityZone=eu-central-1a", "ClientToken=k1",
                "Encrypted=true", "Size=7", "VolumeType=gp3",
            ])
    }

    /// <https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html>: it may be deleted.
    @Test func anAccountWithoutDefaultNetworkGetsASmallOne() async throws {
        let none = ListedSubnet.page([])
        let http = RoutedHTTPClient(
            ListedNetwork.making.merging([
                "DescribeVolumes": [ListedVolume.page([]), ListedVolume.page(.data)],
                "DescribeSubnets": [none, none, none, none, ListedSubnet.page([ListedSubnet()])],
                "CreateVolume": [.xml("CreateVolume", ListedVolume.data.members)],
            ]) { $1 })
        let made = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired, key: IdempotencyKey("k1"))
        }
        #expect(made == Self.observed)
        #expect(
            http.changes.map { $0[0] } == [
                "Action=CreateVpc", "Action=CreateInternetGateway",
                "Action=AttachInternetGateway", "Action=CreateRoute", "Action=CreateSubnet",
                "Action=ModifySubnetAttribute", "Action=CreateVolume",
            ])
        #expect(
            http.changes[0].contains("TagSpecification.1.Tag.2.Key=launch:part"))
        #expect(http.changes[3].contains("GatewayId=igw-1"))
    }

    /// Whether it is protected stands in a tag, which an edit of the spec writes anew.
    @Test(arguments: [(false, true, "true"), (true, false, "false")])
    func protectionIsATag(was: Bool, wanted: Bool, tag: String) async throws {
        var listed = ListedVolume.data
        listed.tags = listed.tags.replacing(
            "</tagSet>",
            with: "<item><key>launch:protect</key><value>\(tag)</value></item></tagSet>")
        let http = RoutedHTTPClient([
            "CreateTags": [Self.done], "DescribeVolumes": [ListedVolume.page(listed)],
        ])
        var observed = Self.observed
        observed.attributes["protect"] = .boolean(was)
        let (before, after) = (
            observed,
            Resource(
                Self.address,
                attributes: Self.desired.attributes.merging(["protect": .boolean(wanted)]) { $1 })
        )
        let updated = try await scripted(http) { aws, _ in
            try await aws.update(before, to: after)
        }
        #expect(updated["protect"] == .boolean(wanted))
        #expect(http.changes.count == 1)
        #expect(http.changes[0].contains { $0.hasSuffix("Key=launch:protect") })
        #expect(http.changes[0].contains { $0.hasSuffix("Value=\(tag)") })
    }

    @Test func growsInPlace() async throws {
        var grown = ListedVolume.data
        grown.size = 9
        let http = RoutedHTTPClient([
            "ModifyVolume": [Self.done],
            "DescribeVolumes": [ListedVolume.page(.data), ListedVolume.page(grown)],
        ])
        let updated = try await scripted(http) { aws, _ in
            var desired = Self.desired
            desired.attributes["gibibytes"] = 9
            return try await aws.update(Self.observed, to: desired)
        }
        #expect(updated["gibibytes"] == 9)
        #expect(http.changes == [["Action=ModifyVolume", "Size=9", "VolumeId=vol-data"]])
    }

    /// Unless the volume then grows, and the change was our own, AWS's reason stands.
    @Test(arguments: ["VolumeModificationRateExceeded", "IncorrectModificationState"])
    func someoneElsesChangeStandsInTheWay(code: String) async throws {
        let http = RoutedHTTPClient([
            "ModifyVolume": [.failure(code)], "DescribeVolumes": [ListedVolume.page(.data)],
        ])
        let error = try await scripted(http) { aws, _ in
            try await providerError {
                try await aws.update(Self.observed, to: Self.desired.with(["gibibytes": 9]))
            }
        }
        #expect(error?.detail == "\(code): Some words.")
    }

    @Test func isTakenFromItsMachineBeforeItIsDeleted() async throws {
        let attached = ListedVolume(id: "vol-data")
        let http = RoutedHTTPClient([
            "DescribeVolumes": [
                ListedVolume.page(attached), ListedVolume.page(attached),
                ListedVolume.page(.data),
            ],
            "DetachVolume": [Self.done],
            "DeleteVolume": [.failure("VolumeInUse"), Self.done],
        ])
        try await scripted(http) { aws, _ in try await aws.delete(Self.observed) }
        #expect(
            http.changes.map(\.first) == [
                "Action=DetachVolume", "Action=DeleteVolume", "Action=DeleteVolume",
            ])
    }
}
