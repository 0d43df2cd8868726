@testable import AWS
import HTTP
import Resources
import Services
import TestSupport
import Testing

@Suite struct SecurityGroupTests {
    private static let address = Address(
        service: "web", kind: KindName(.aws, "security_group"))
    private static let everything: Value = ["protocol": "-1", "peer": "0.0.0.0/0"]
    private static let ssh: Value = [
        "protocol": "tcp", "from_port": 22, "to_port": 22, "peer": "10.0.0.0/8",
    ]

    private static func desired(_ changes: [String: Value] = [:]) -> Resource {
        let attributes: [String: Value] = [
            "name": "launch-demo-web", "environment": "production", "ingress": [ssh],
            "egress": [everything],
        ]
        return Resource(address, attributes: attributes.merging(changes) { $1 })
    }

    private static func listed(
        ingress: String = "", egress: String? = nil, tags: String? = nil
    ) -> HTTPResponse {
        .xml(
            "DescribeSecurityGroups",
            """
            <securityGroupInfo><item><ownerId>1</ownerId><groupId>sg-1</groupId>
            <groupName>launch-demo-web</groupName><vpcId>vpc-1</vpcId>
            <ipPermissions>\(ingress)</ipPermissions>
            <ipPermissionsEgress>\(egress ?? Self.allowAll)</ipPermissionsEgress>
            \(tags ?? tagSet("web/aws.security_group"))</item></securityGroupInfo>
            """)
    }

    private static let allowAll = """
        <item><ipProtocol>-1</ipProtocol><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp>\
        </item></ipRanges><ipv6Ranges/><prefixListIds/></item>
        """
    private static let subnets = ListedSubnet.page([ListedSubnet()])
    private static let done = HTTPResponse.xml("Any", "<return>true</return>")
    private static let created = HTTPResponse.xml(
        "CreateSecurityGroup", "<return>true</return><groupId>sg-1</groupId><tagSet/>")

    @Test func createsItWithTagsAndOnlyTheMissingRules() async throws {
        let http = ScriptedHTTPClient(Self.subnets, Self.created, Self.listed(), Self.done)
        let made = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: IdempotencyKey("k1"))
        }
        #expect(made.id == "sg-1")
        #expect(made["ingress"] == [Self.ssh])
        #expect(made["egress"] == [Self.everything])
        #expect(
            http.requests.dropFirst().map(\.form) == [
                [
                    "Action=CreateSecurityGroup", "GroupDescription=launch:demo/web",
                    "GroupName=launch-demo-web",
                    "TagSpecification.1.ResourceType=security-group",
                    "TagSpecification.1.Tag.1.Key=Name",
                    "TagSpecification.1.Tag.1.Value=launch-demo-web",
                    "TagSpecification.1.Tag.2.Key=launch:address",
                    "TagSpecification.1.Tag.2.Value=web/aws.security_group",
                    "TagSpecification.1.Tag.3.Key=launch:environment",
                    "TagSpecification.1.Tag.3.Value=production",
                    "TagSpecification.1.Tag.4.Key=launch:key",
                    "TagSpecification.1.Tag.4.Value=k1",
                    "TagSpecification.1.Tag.5.Key=launch:project",
                    "TagSpecification.1.Tag.5.Value=demo",
                    "TagSpecification.1.Tag.6.Key=launch:service",
                    "TagSpecification.1.Tag.6.Value=web", "VpcId=vpc-1",
                ],
                [
                    "Action=DescribeSecurityGroups", "Filter.1.Name=group-id",
                    "Filter.1.Value.1=sg-1", "MaxResults=1000",
                ],
                [
                    "Action=AuthorizeSecurityGroupIngress", "GroupId=sg-1",
                    "IpPermissions.1.FromPort=22", "IpPermissions.1.IpProtocol=tcp",
                    "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8", "IpPermissions.1.ToPort=22",
                ],
            ])
    }

    @Test func revokesWhatIsNotDesired() async throws {
        let foreign = """
            <item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>81</toPort>
            <groups><item><groupId>sg-9</groupId></item></groups>
            <ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges>
            <ipv6Ranges><item><cidrIpv6>2001:db8::/32</cidrIpv6></item></ipv6Ranges>
            <prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item>
            """
        let http = ScriptedHTTPClient(Self.listed(ingress: foreign), Self.done)
        _ = try await scripted(http) { aws, _ in
            try await aws.update(
                ObservedResource(
                    Self.address, id: "sg-1",
                    attributes: [
                        "environment": "production", "name": "launch-demo-web",
                    ]),
                to: Self.desired(["ingress": []]))
        }
        #expect(http.requests.map(\.operation).last == "RevokeSecurityGroupIngress")
        let peers = http.requests.last?.form.filter {
            $0.contains("Cidr") || $0.contains("GroupId") || $0.contains("PrefixListId")
        }
        #expect(
            peers?.map { String($0.drop { $0 != "=" }) }.sorted() == [
                "=10.0.0.0/8", "=2001:db8::/32", "=pl-1", "=sg-1", "=sg-9",
            ])
    }

    @Test func aRuleThatAppearedMeanwhileIsNoFailure() async throws {
        let present = """
            <item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>
            <ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges></item>
            """
        let http = ScriptedHTTPClient(
            Self.subnets, Self.created, Self.listed(), .failure("InvalidPermission.Duplicate"),
            Self.listed(ingress: present))
        _ = try await scripted(http) { aws, _ in
            try await aws.create(Self.desired(), key: IdempotencyKey("k1"))
        }
        #expect(http.requests.count == 5)
    }

    @Test func leavesAForeignGroupOfThatNameAlone() async throws {
        let http = ScriptedHTTPClient(
            Self.subnets, .failure("InvalidGroup.Duplicate"), Self.listed(tags: "<tagSet/>"))
        let error = try await scripted(http) { aws, _ in
            try await providerError {
                try await aws.create(Self.desired(), key: IdempotencyKey("k1"))
            }
        }
        #expect(error?.reason == .conflict)
        #expect(error?.address == Self.address)
    }

    @Test func deletionWaitsUntilNothingUsesIt() async throws {
        let http = ScriptedHTTPClient(
            .failure("DependencyViolation"), .failure("DependencyViolation"), Self.done,
            Self.subnets)
        try await scripted(http) { aws, _ in
            try await aws.delete(ObservedResource(Self.address, id: "sg-1", attributes: [:]))
        }
        #expect(http.requests[2].form == ["Action=DeleteSecurityGroup", "GroupId=sg-1"])
    }

    @Test func deletionGivesUpWithAWSsReason() async throws {
        let refusal: ScriptedHTTPClient.Answer = { _ in .failure("DependencyViolation") }
        let http = ScriptedHTTPClient(Array(repeating: refusal, count: 200))
        let error = try await scripted(http) { aws, _ in
            try await providerError {
                try await aws.delete(ObservedResource(Self.address, id: "sg-1", attributes: [:]))
            }
        }
        #expect(error?.detail == "DependencyViolation: Some words.")
    }

    @Test(arguments: [
        ("10.1.2.3/8", "10.0.0.0/8"), ("1.2.3.4", "1.2.3.4/32"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0:0::1/32", "2001:db8::/32"), ("::/0", "::/0"), ("::1", "::1/128"),
        ("fe80:0:0:1:0:0:0:1/128", "fe80:0:0:1::1/128"), ("::ffff:1.2.3.4", "::ffff:102:304/128"),
        ("1:0:2:3:4:5:6:7/128", "1:0:2:3:4:5:6:7/128"),
    ]) func blocksHaveOneForm(_ text: String, _ canonical: String) {
        #expect(IPNetwork(text)?.description == canonical)
    }

    @Test(arguments: ["", "10.0.0/8", "10.0.0.0/33", "1.2.3.256", ":::/0", "1::2::3", "x/8"])
    func whatIsNoBlockIsNone(_ text: String) { #expect(IPNetwork(text) == nil) }

    @Test func rulesHaveOneForm() {
        let given: Value = [
            ["protocol": "6", "from_port": 443, "to_port": 443, "peer": "10.1.1.1/8"],
            ["protocol": "TCP", "from_port": "443", "to_port": 443, "peer": "10.0.0.0/8"],
            ["protocol": "all", "from_port": -1, "to_port": -1, "peer": "::0/0"],
        ]
        #expect(
            SecurityGroup.kind["ingress"]?.normalised(given) == [
                ["protocol": "tcp", "from_port": 443, "to_port": 443, "peer": "10.0.0.0/8"],
                ["protocol": "-1", "peer": "::/0"],
            ])
    }
}
