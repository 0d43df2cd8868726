import Foundation
import HTTP
import Resources
import TestSupport
import Testing

@testable import AWS

@Suite struct InstanceTests {
    static let address = Address(service: "web", kind: KindName(.aws, "instance"))
    static let key = IdempotencyKey("key-1")
    static let done = HTTPResponse.xml("Any", "<return>true</return>")

    static func desired(_ changes: [String: Value] = [:]) -> Resource {
        let attributes: [String: Value] = [
            "name": "demo-web", "environment": "production", "image": "ubuntu-24.04",
            "instance_type": "t3.small", "disk_gibibytes": 20, "spot": false,
            "security_groups": ["sg-1"], "metadata_tokens": "required", "metadata_hop_limit": 1,
            "running": true, "protect": false, "seed": .secret(Secret("#cloud-config\n")),
        ]
        return Resource(address, attributes: attributes.merging(changes) { $1 })
    }

    static func observed(_ changes: [String: Value] = [:]) -> ObservedResource {
        let attributes: [String: Value] = [
            "id": "i-1", "public_ipv4": "203.0.113.7", "private_ipv4": "10.0.0.5",
            "image_id": "ami-1", "reseedable": .null, "registration_expires_at": .null,
            "name": "demo-web",
            "environment": "production",
            "image": "ubuntu-24.04", "architecture": "x86_64", "instance_type": "t3.small",
            "disk_gibibytes": 20, "public_ipv6": .null, "elastic_ip": .null, "spot_type": .null,
            "vpc": "vpc-1", "subnet": "subnet-1", "availability_zone": "eu-central-1a",
            "instance_profile": .null,
            "spot": false, "security_groups": ["sg-1"], "data_volume": .null,
            "metadata_tokens": "required", "metadata_hop_limit": 1, "running": true,
        ]
        return ObservedResource(
            address, id: "i-1", attributes: attributes.merging(changes) { $1 })
    }

    @Test func runsOneWithEverythingItNeeds() async throws {
        let pending = ListedInstance(state: "pending", publicAddress: nil)
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [
                ListedInstance.page([]), ListedInstance.page([]), ListedInstance.page(pending),
                ListedInstance.page(ListedInstance()),
            ],
            "RunInstances": [pending.reservation],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        let made = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: Self.key)
        }
        #expect(made == Self.observed())
        let tags = [
            "Key=Name", "Value=demo-web", "Key=launch:address", "Value=web/aws.instance",
            "Key=launch:environment", "Value=production", "Key=launch:image",
            "Value=ubuntu-24.04", "Key=launch:key", "Value=key-1", "Key=launch:project",
            "Value=demo", "Key=launch:seeding", "Value=every-boot", "Key=launch:service",
            "Value=web",
        ]
        let specifications = ["instance", "volume", "network-interface"].enumerated().flatMap {
            index, type in
            ["TagSpecification.\(index + 1).ResourceType=\(type)"]
                + tags.enumerated().map {
                    "TagSpecification.\(index + 1).Tag.\($0.offset / 2 + 1).\($0.element)"
                }
        }
        #expect(
            http.changes == [
                [
                    "Action=RunInstances", "BlockDeviceMapping.1.DeviceName=/dev/sda1",
                    "BlockDeviceMapping.1.Ebs.DeleteOnTermination=true",
                    "BlockDeviceMapping.1.Ebs.Encrypted=true",
                    "BlockDeviceMapping.1.Ebs.VolumeSize=20",
                    "BlockDeviceMapping.1.Ebs.VolumeType=gp3", "ClientToken=key-1",
                    "DisableApiTermination=false", "ImageId=ami-1", "InstanceType=t3.small",
                    "MaxCount=1", "MetadataOptions.HttpEndpoint=enabled",
                    "MetadataOptions.HttpPutResponseHopLimit=1",
                    "MetadataOptions.HttpTokens=required", "MinCount=1", "SecurityGroupId.1=sg-1",
                ] + ["SubnetId=subnet-1"] + specifications + ["UserData=I2Nsb3VkLWNvbmZpZwo="]
            ])
    }

    @Test func optionsReachTheRequest() async throws {
        let listed = ListedInstance(dataVolume: "vol-data")
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [ListedInstance.page([]), ListedInstance.page(listed)],
            "RunInstances": [.failure("InvalidGroup.NotFound"), listed.reservation],
            "AttachVolume": [.failure("InvalidVolume.NotFound"), Self.done],
            "DescribeVolumes": [
                ListedVolume.page(ListedVolume(id: "vol-data", attachment: "attaching")),
                ListedVolume.page(ListedVolume(id: "vol-data")),
            ],
        ])
        _ = try await scripted(http) { aws, _ in
            try await aws.create(
                Self.desired([
                    "subnet": "subnet-1", "availability_zone": "eu-central-1a",
                    "instance_profile": "profile", "spot": true, "data_volume": "vol-data",
                    "protect": true,
                ]), key: Self.key)
        }
        let run = Set(http.changes.first ?? [])
        #expect(
            run.isSuperset(of: [
                "SubnetId=subnet-1",
                "IamInstanceProfile.Name=profile", "InstanceMarketOptions.MarketType=spot",
                "InstanceMarketOptions.SpotOptions.SpotInstanceType=one-time",
                "DisableApiTermination=true",
            ]))
        #expect(
            http.changes.last == [
                "Action=AttachVolume", "Device=/dev/sdf", "InstanceId=i-1", "VolumeId=vol-data",
            ])
    }

    @Test func adoptsWhatAnEarlierAttemptRan() async throws {
        let http = RoutedHTTPClient([
            "DescribeInstances": [ListedInstance.page(ListedInstance())],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        let made = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: Self.key)
        }
        #expect(made == Self.observed())
        #expect(http.changes.isEmpty)
        #expect(
            http.requests.first?.form == [
                "Action=DescribeInstances", "Filter.1.Name=tag:launch:key",
                "Filter.1.Value.1=key-1", "MaxResults=1000",
            ])
    }

    /// Other zones first, then other types, each with a token of its own.
    @Test func aSpotMachineFallsThroughTypesAndZones() async throws {
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeSubnets": [
                ListedSubnet.page([
                    ListedSubnet(id: "subnet-2", zone: "eu-central-1b", hasIPv6: true),
                    ListedSubnet(),
                ])
            ],
            "DescribeInstances": [
                ListedInstance.page([]), ListedInstance.page(ListedInstance(lifecycle: "spot")),
            ],
            "RunInstances": [
                .failure("InsufficientInstanceCapacity", status: 500), .failure("Unsupported"),
                .failure("SpotMaxPriceTooLow"), ListedInstance().reservation,
            ],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        _ = try await scripted(http) { aws, _ in
            try await aws.create(
                Self.desired(["spot": true, "spot_type": "t3.small"]), key: Self.key)
        }
        let wanted = ["ClientToken", "InstanceType", "SubnetId", "Ipv6AddressCount"]
        let tried = http.changes.map { form in
            form.filter { line in wanted.contains { line.hasPrefix("\($0)=") } }
                .compactMap { $0.split(separator: "=").last.map(String.init) }
        }
        #expect(
            tried == [
                ["key-1", "t3.small", "subnet-1"], ["key-1-1", "t3.small", "1", "subnet-2"],
                ["key-1-2", "c6i.large", "subnet-1"],
                ["key-1-3", "c6i.large", "1", "subnet-2"],
            ])
    }

    @Test func noRoomAnywhereIsSaid() async throws {
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [ListedInstance.page([])],
            "RunInstances": [.failure("InsufficientInstanceCapacity", status: 500)],
        ])
        let error = try await scripted(http) { aws, _ in
            try await providerError { try await aws.create(Self.desired(), key: Self.key) }
        }
        #expect(error?.reason == .noCapacity)
        #expect(http.changes.count == 1)
    }

    /// What is observed in an account that has this instance and nothing else.
    private func observed(_ listed: ListedInstance) async throws -> [ObservedResource] {
        let http = RoutedHTTPClient([
            "DescribeInstances": [ListedInstance.page(listed)],
            "DescribeSecurityGroups": [.xml("DescribeSecurityGroups")],
            "DescribeVolumes": [ListedVolume.page([])],
        ])
        return try await scripted(http) { aws, _ in
            try await aws.observe(Scope(project: "demo"))
        }
    }

    /// A spot machine counts as what was asked for, whatever it could get.
    @Test func theTypeAskedForIsCompared() async throws {
        let listed = ListedInstance(
            type: "c6i.large", lifecycle: "spot",
            tags: tagSet("web/aws.instance", others: ["launch:spot-type": "t3.small"]))
        let found = try await observed(listed)
        #expect(found.map { $0["instance_type"] } == ["t3.small"])
        #expect(found.map { $0["spot_type"] } == ["t3.small"])
    }

    @Test func longUserDataIsCompressed() async throws {
        let seed = Secret(String(repeating: "x", count: 20_000))
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [ListedInstance.page([]), ListedInstance.page(ListedInstance())],
            "RunInstances": [ListedInstance().reservation],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        _ = try await scripted(http, compress: { Array("\($0.count) bytes".utf8) }) { aws, _ in
            try await aws.create(Self.desired(["seed": .secret(seed)]), key: Self.key)
        }
        let data = http.changes.first?.last.map { $0.dropFirst("UserData=".count) }
        #expect(data.flatMap { Data(base64Encoded: String($0)) } == Data("20000 bytes".utf8))
    }

    /// Stopped in mid-reseed by a run that ended then: which of the two seeds it has is not known.
    @Test func aCreationTakenUpWhileTheMachineIsOffBringsAFreshSeed() async throws {
        var stopped = ListedInstance(state: "stopped")
        stopped.tags = tagSet(
            "web/aws.instance", name: "demo-web", others: ["launch:seeding": "every-boot"])
        let http = RoutedHTTPClient([
            "DescribeInstances": [
                ListedInstance.page(stopped), ListedInstance.page(stopped),
                ListedInstance.page(stopped), ListedInstance.page(ListedInstance()),
            ],
            "ModifyInstanceAttribute": [Self.done], "StartInstances": [Self.done],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        _ = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: Self.key)
        }
        #expect(
            http.changes == [
                [
                    "Action=ModifyInstanceAttribute", "InstanceId=i-1",
                    "UserData.Value=I2Nsb3VkLWNvbmZpZwo=",
                ],
                ["Action=StartInstances", "InstanceId.1=i-1"],
            ])
    }

    private static let seeded = ["launch:seeding": "every-boot"]

    @Test(arguments: [
        (ListedInstance(tags: tagSet("web/aws.instance", others: seeded)), Value.boolean(true)),
        (ListedInstance(), .null),
        (
            ListedInstance(lifecycle: "spot", tags: tagSet("web/aws.instance", others: seeded)),
            .null
        ),
        (
            ListedInstance(
                tags: tagSet(
                    "web/aws.instance",
                    others: seeded.merging(["launch:seed-until": "2026-03-01T10:00:00Z"]) { $1 })),
            .null
        ),
    ]) func anOnDemandInstanceTakesOneOtherSeed(_ listed: ListedInstance, takes: Value)
        async throws
    {
        let found = try await observed(listed)
        #expect(found.map { $0["reseedable"] } == [takes])
    }

    /// Its tag is there before it starts: a run that ends then need not do it again.
    @Test func anotherSeedIsGivenWhileTheMachineIsOff() async throws {
        let http = RoutedHTTPClient([
            "DescribeInstances": [
                ListedInstance.page(ListedInstance()),
                ListedInstance.page(ListedInstance(state: "stopped")),
                ListedInstance.page(ListedInstance(state: "stopped")),
                ListedInstance.page(ListedInstance()),
            ],
            "StopInstances": [Self.done], "ModifyInstanceAttribute": [Self.done],
            "CreateTags": [Self.done], "StartInstances": [Self.done],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        _ = try await scripted(http) { aws, _ in
            try await aws.reseed(
                Self.observed(),
                with: Self.desired(["registration_expires_at": "2026-03-01T10:00:00Z"]),
                key: IdempotencyKey("another"))
        }
        #expect(
            http.changes == [
                ["Action=StopInstances", "InstanceId.1=i-1"],
                [
                    "Action=ModifyInstanceAttribute", "InstanceId=i-1",
                    "UserData.Value=I2Nsb3VkLWNvbmZpZwo=",
                ],
                [
                    "Action=CreateTags", "ResourceId.1=i-1", "Tag.1.Key=launch:seed-until",
                    "Tag.1.Value=2026-03-01T10:00:00Z",
                ],
                ["Action=StartInstances", "InstanceId.1=i-1"],
            ])
    }

    @Test func aTokenUsedWithAnotherSeedLeadsToTheFirstInstance() async throws {
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [
                ListedInstance.page([]), ListedInstance.page([]),
                ListedInstance.page(ListedInstance()),
            ],
            "RunInstances": [.failure("IdempotentParameterMismatch")],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        let made = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: Self.key)
        }
        #expect(made.id == "i-1")
    }

    /// EC2 remembers the token of the one that ended, and would answer with that again.
    @Test func afterAnEndedAttemptTheTokenIsAnother() async throws {
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [
                ListedInstance.page(ListedInstance(state: "terminated")),
                ListedInstance.page(ListedInstance()),
            ],
            "RunInstances": [ListedInstance().reservation],
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
        _ = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: Self.key)
        }
        #expect(http.changes.first?.contains("ClientToken=key-1-i-1") == true)
    }

    @Test func anInstanceThatEndsAtOnceSaysWhy() async throws {
        let ended = ListedInstance(
            state: "terminated", reason: "Server.InsufficientInstanceCapacity")
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [ListedInstance.page([]), ListedInstance.page(ended)],
            "RunInstances": [ListedInstance(state: "pending").reservation],
        ])
        let error = try await scripted(http) { aws, _ in
            try await providerError { try await aws.create(Self.desired(), key: Self.key) }
        }
        #expect(error?.reason == .noCapacity)
        #expect(error?.detail == "Server.InsufficientInstanceCapacity: No.")
    }

    @Test(
        arguments: [
            (
                ["seed": .secret(Secret(String(repeating: "x", count: 16_385)))],
                "pass the user data"
            ),
            (["instance_type": "900-cpu-1-MiB"], "choose an instance type"),
        ] as [([String: Value], String)])
    func whatAWSCannotTakeIsRefusedBefore(
        _ changes: [String: Value], _ action: String
    ) async throws {
        let http = RoutedHTTPClient([
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeInstances": [ListedInstance.page([])],
        ])
        let error = try await scripted(http) { aws, _ in
            try await providerError { try await aws.create(Self.desired(changes), key: Self.key) }
        }
        #expect(error?.reason == .invalid)
        #expect(error?.action == action)
        #expect(http.changes.isEmpty)
    }

    @Test func deletionWaitsForTheEnd() async throws {
        let http = RoutedHTTPClient([
            "TerminateInstances": [Self.done],
            "DescribeInstances": [
                ListedInstance.page(ListedInstance(state: "shutting-down")),
                ListedInstance.page(ListedInstance(state: "terminated")),
            ],
        ])
        try await scripted(http) { aws, _ in try await aws.delete(Self.observed()) }
        #expect(http.requests.count == 3)
    }

    @Test func deletingWhatIsGoneIsFine() async throws {
        let http = RoutedHTTPClient([
            "TerminateInstances": [.failure("InvalidInstanceID.NotFound")]
        ])
        try await scripted(http) { aws, _ in try await aws.delete(Self.observed()) }
    }

    @Test func terminationProtectionStandsInTheWay() async throws {
        let http = RoutedHTTPClient(["TerminateInstances": [.failure("OperationNotPermitted")]])
        let error = try await scripted(http) { aws, _ in
            try await providerError { try await aws.delete(Self.observed()) }
        }
        #expect(error?.reason == .protected)
    }
}
