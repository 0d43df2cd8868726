@testable import AWS
import Cryptography
import CurlHTTP
import HTTP
import Logging
import Resources
import Services
import Simulation
import TestSupport
import Testing

/// The whole provider over real HTTP against an EC2 that someone else wrote.
@Suite(.enabled(if: MotoServer.python != nil, "\(MotoServer.reason)"))
struct MotoTests {
    private let engine = TestEngine(project: ProjectSpec(project: "demo"))

    private func service(
        _ name: String = "web", change: (inout ServiceSpec) -> Void = { _ in }
    ) -> ServiceSpec {
        var service = ServiceSpec(
            name: name, target: .aws,
            publicAccess: PublicAccess(hostname: "\(name).example.com", port: 443),
            data: DataVolume(gibibytes: 7), exposure: .direct,
            ingress: [IngressRule(port: 22, sources: ["10.0.0.0/8", "2001:db8::/32"])])
        change(&service)
        return service
    }

    @Test func everyKindLivesItsWholeLife() async throws {
        try await withMoto { aws, meter in
            let made = try await engine.create(service(), on: aws)
            try await engine.expectNoDrift(service(), on: aws)
            let found = try await engine.observed(aws)
            #expect(found == made)

            let edited = service {
                $0.size = .custom(MachineShape(cpu: 2, memoryMebibytes: 8192, diskGibibytes: 30))
                $0.data = DataVolume(gibibytes: 9)
                $0.ingress = [IngressRule(port: 53, sources: ["10.0.0.0/8"], transport: .udp)]
                $0.environment = "staging"
                $0.protect = true
            }
            try await engine.update(edited, on: aws)
            try await engine.expectNoDrift(edited, on: aws)
            let kept = try await engine.observed(aws)
            #expect(kept.map(\.id) == made.map(\.id))

            try await engine.update(
                service {
                    $0.protect = false; $0.data = edited.data; $0.size = edited.size
                }, on: aws)
            try await engine.removeAll(from: aws)
            let left = try await engine.observed(aws)
            #expect(left.isEmpty)
        }
    }

    /// Everything that changes while a machine lives, each by itself.
    @Test(arguments: Self.edits)
    func everyInPlaceChangeKeepsEveryObject(_ edit: Edit) async throws {
        try await withMoto { aws, _ in
            let made = try await engine.create(service(), on: aws)
            let edited = service(change: edit.change)
            let drifted = try await engine.drift(edited, on: aws)
            #expect(drifted == edit.fields)
            try await engine.update(edited, on: aws)
            try await engine.expectNoDrift(edited, on: aws)
            let kept = try await engine.observed(aws)
            #expect(kept.map(\.id) == made.map(\.id))
        }
    }

    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [String]
        let change: @Sendable (inout ServiceSpec) -> Void

        init(
            _ name: String, _ fields: [String],
            _ change: @escaping @Sendable (inout ServiceSpec) -> Void
        ) {
            testDescription = name
            self.fields = fields.map { "web/aws.\($0)" }
            self.change = change
        }
    }

    private static func shape(cpu: Int, memory: Int, disk: Int) -> Size {
        .custom(MachineShape(cpu: cpu, memoryMebibytes: memory * 1024, diskGibibytes: disk))
    }

    /// What is compared. Termination protection, which no list shows, is looked at below.
    private static let edits = [
        Edit("type", ["instance.instance_type"]) { $0.size = shape(cpu: 2, memory: 8, disk: 20) },
        Edit("root disk", ["instance.disk_gibibytes"]) {
            $0.size = shape(cpu: 2, memory: 2, disk: 30)
        },
        Edit("data disk", ["volume.gibibytes"]) { $0.data = DataVolume(gibibytes: 9) },
        Edit("ingress", ["security_group.ingress"]) {
            $0.ingress = [IngressRule(port: 53, sources: ["10.0.0.0/8"], transport: .udp)]
        },
        Edit("exposure", ["instance.elastic_ip", "security_group.ingress"]) {
            $0.exposure = .tunnel
        },
        Edit(
            "environment",
            [
                "elastic_ip.environment", "instance.environment", "instance_profile.environment",
                "security_group.environment", "volume.environment",
            ]
        ) { $0.environment = "staging" },
    ]

    @Test func terminationProtectionComesAndGoes() async throws {
        try await withMoto { aws, _ in
            let made = try await engine.create(service(), on: aws)
            try await engine.update(service { $0.protect = true }, on: aws)
            let machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            let error = try await providerError { try await aws.delete(machine) }
            #expect(error?.detail.hasPrefix("OperationNotPermitted") == true)
            try await engine.update(service(), on: aws)
            try await aws.delete(machine)
        }
    }

    /// What a spec does not say, and somebody changed: metadata options, the address, the role's
    /// policies.
    @Test func whatSomebodyTookAwayComesBack() async throws {
        try await withMoto { aws, _ in
            let made = try await engine.create(service(), on: aws)
            let machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            let profile = machine["instance_profile"] ?? .null
            let (ec2, iam) = (aws.ec2, IAM(api: aws.ec2.api))
            try await ec2.perform(
                "ModifyInstanceMetadataOptions",
                [
                    "InstanceId": .string(machine.id), "HttpTokens": "optional",
                    "HttpPutResponseHopLimit": 2,
                ])
            for address in try await ec2.addresses(Filter("instance-id", machine.id)) {
                try await ec2.disassociate(address)
            }
            try await iam.perform(
                "UpdateAssumeRolePolicy",
                ["RoleName": profile, "PolicyDocument": .string(Self.foreignTrust)])
            try await iam.perform(
                "DeleteRolePolicy",
                ["RoleName": profile, "PolicyName": .string(InstanceProfile.policyName)])
            let drifted = try await engine.drift(service(), on: aws)
            #expect(
                drifted == [
                    "web/aws.instance.elastic_ip", "web/aws.instance.metadata_hop_limit",
                    "web/aws.instance.metadata_tokens", "web/aws.instance_profile.policy",
                    "web/aws.instance_profile.trust",
                ])
            try await engine.update(service(), on: aws)
            try await engine.expectNoDrift(service(), on: aws)
            #expect(try await engine.observed(aws).map(\.id) == made.map(\.id))
        }
    }

    private static let foreignTrust =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","#
        + #""Principal":{"Service":"lambda.amazonaws.com"}}]}"#

    /// moto shows an instance with the profile that it was made with, whatever came after; the
    /// association is what tells.
    @Test func aMachinesProfileIsSwappedForItsOwn() async throws {
        try await withMoto { aws, _ in
            let made = try await engine.create(service(), on: aws)
            var machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            let own = try #require(machine["instance_profile"]?.string)
            let (ec2, iam) = (aws.ec2, IAM(api: aws.ec2.api))
            try await iam.perform(
                "CreateInstanceProfile", ["InstanceProfileName": "another"])
            let present = try await associations(of: machine.id, ec2)
            try await ec2.perform(
                "ReplaceIamInstanceProfileAssociation",
                [
                    "AssociationId": .string(try #require(present.first).associationId),
                    "IamInstanceProfile": ["Name": "another"],
                ])
            let strange = try await associations(of: machine.id, ec2)
            #expect(strange.map(\.name) == ["another"])
            machine.attributes["instance_profile"] = "another"
            let desired = try #require(engine.resolved(service(), made).last)
            _ = try await aws.update(machine, to: desired)
            let back = try await associations(of: machine.id, ec2)
            #expect(back.map(\.name) == [own])
        }
    }

    private struct AssociationsPage: Page {
        struct Association: Decodable {
            let associationId: String
            let iamInstanceProfile: ProfileReference

            var name: String {
                iamInstanceProfile.arn.split(separator: "/").last.map(String.init) ?? ""
            }
        }

        struct ProfileReference: Decodable {
            let arn: String
        }

        let iamInstanceProfileAssociationSet: ItemSet<Association>?
        let nextToken: String?
        var elements: [Association] { iamInstanceProfileAssociationSet?.items ?? [] }
    }

    private func associations(
        of instance: String, _ ec2: EC2
    ) async throws -> [AssociationsPage.Association] {
        try await ec2.list(
            "DescribeIamInstanceProfileAssociations", [Filter("instance-id", instance)],
            as: AssociationsPage.self)
    }

    /// Objects that people made by hand become the service's own, and keep their identity.
    @Test func everyKindIsAdoptedByItsID() async throws {
        try await withMoto { aws, _ in
            let made = try await engine.create(service(), on: aws)
            for object in made { try await aws.release(object) }
            #expect(try await engine.observed(aws) == [])
            let desired = engine.resolved(service(), made)
            for object in made {
                let wanted = try #require(desired.first { $0.address == object.address })
                try await aws.adopt(object.id, as: wanted)
            }
            #expect(try await engine.observed(aws).map(\.id) == made.map(\.id))
            try await engine.expectNoDrift(service(), on: aws)
            let stranger = try await providerError {
                try await aws.adopt("i-00000000000000000", as: try #require(desired.last))
            }
            #expect(stranger?.reason == .notFound)
        }
    }

    /// A run that was cut off between the last security group and its network.
    @Test func aNetworkThatWasLeftBehindGoesWithTheNextRun() async throws {
        try await withMoto { aws, _ in
            let ec2 = aws.ec2
            for subnet in try await ec2.subnets(Filter("default-for-az", "true")) {
                try await ec2.perform("DeleteSubnet", ["SubnetId": .string(subnet.subnetId)])
            }
            let made = try await engine.create(
                service {
                    $0.exposure = .tunnel; $0.data = nil
                }, on: aws)
            let group = try #require(made.first { $0.address.kind == SecurityGroup.kind.name })
            let machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            try await aws.delete(machine)
            try await ec2.perform("DeleteSecurityGroup", ["GroupId": .string(group.id)])
            #expect(try await ec2.subnets(ec2.ownNetwork).count == 3)
            try await aws.finishRemoval(of: group.address)
            #expect(try await ec2.subnets(ec2.ownNetwork).isEmpty)
            try await aws.finishRemoval(of: group.address)
        }
    }

    @Test func aSecondCreationWithOneKeyMakesNothing() async throws {
        try await withMoto { aws, meter in
            let first = try await engine.create(service(), on: aws)
            let second = try await engine.create(service(), on: aws)
            #expect(second == first)
            let found = try await engine.observed(aws)
            #expect(found == first)
        }
    }

    @Test func foreignChangesAreSeenAndRepaired() async throws {
        try await withMoto { aws, meter in
            let made = try await engine.create(service(), on: aws)
            let machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            let group = try #require(made.first { $0.address.kind == SecurityGroup.kind.name })
            let ec2 = aws.ec2
            try await ec2.perform("StopInstances", ["InstanceId": [.string(machine.id)]])
            try await ec2.perform(
                "RevokeSecurityGroupEgress",
                [
                    "GroupId": .string(group.id),
                    "IpPermissions": [
                        SecurityGroupRule("-1", ports: nil, peer: "0.0.0.0/0").permission
                    ],
                ])
            try await ec2.perform(
                "AuthorizeSecurityGroupIngress",
                [
                    "GroupId": .string(group.id),
                    "IpPermissions": [
                        SecurityGroupRule("tcp", ports: 1...9, peer: "192.0.2.0/24").permission
                    ],
                ])
            let drifted = try await engine.drift(service(), on: aws)
            #expect(
                drifted == [
                    "web/aws.instance.running", "web/aws.security_group.egress",
                    "web/aws.security_group.ingress",
                ])
            try await engine.update(service(), on: aws)
            try await engine.expectNoDrift(service(), on: aws)
        }
    }

    @Test func observingAsksOncePerKindAndPage() async throws {
        try await withMoto { aws, meter in
            for name in ["one", "two", "three"] {
                _ = try await engine.create(service(name), on: aws)
            }
            let before = meter.total
            let found = try await engine.observed(aws)
            #expect(found.count == 15)
            #expect(meter.total - before == 5)
            let some = try await aws.observe(Scope(project: "demo", services: ["two"]))
            #expect(Set(some.map(\.address.service)) == ["two"])
        }
    }

    /// Another image needs another machine; its data, address and role stay.
    @Test func aReplacedMachineKeepsItsDataAndItsAddress() async throws {
        try await withMoto { aws, _ in
            let made = try await engine.create(service(), on: aws)
            let machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            try await aws.delete(machine)
            let desired = try #require(
                engine.resolved(service(), try await engine.observed(aws)).last)
            let next = try await aws.create(desired, key: IdempotencyKey("2-web"))
            #expect(next.id != machine.id)
            for name in ["data_volume", "elastic_ip", "public_ipv4", "instance_profile"] {
                #expect(next[name] == machine[name])
            }
            try await engine.expectNoDrift(service(), on: aws)
        }
    }

    @Test func aSpotMachineLivesItsWholeLife() async throws {
        try await withMoto { aws, _ in
            let spot = service { $0.spot = true }
            let made = try await engine.create(spot, on: aws)
            let machine = try #require(made.first { $0.address.kind == Instance.kind.name })
            #expect(machine["spot"] == true)
            try await engine.expectNoDrift(spot, on: aws)
            try await engine.removeAll(from: aws)
            #expect(try await engine.observed(aws).isEmpty)
        }
    }

    /// The default network is gone, as in accounts that are kept tidy.
    @Test func anAccountWithoutNetworkGetsOneForAsLongAsItIsUsed() async throws {
        try await withMoto { aws, _ in
            let ec2 = aws.ec2
            for subnet in try await ec2.subnets(Filter("default-for-az", "true")) {
                try await ec2.perform("DeleteSubnet", ["SubnetId": .string(subnet.subnetId)])
            }
            _ = try await engine.create(service(), on: aws)
            _ = try await engine.create(service("api"), on: aws)
            try await engine.expectNoDrift(service(), on: aws)
            let own = try await ec2.subnets(ec2.ownNetwork, ec2.ownPart)
            #expect(own.count == 3)
            #expect(Set(own.map(\.vpcId)).count == 1)
            try await engine.removeAll(from: aws)
            let left = try await ec2.list(
                "DescribeVpcs", [ec2.ownNetwork], as: DescribeVPCsPage.self)
            #expect(left.isEmpty)
        }
    }

    @Test func threeHundredInstancesComeInPages() async throws {
        try await withMoto { aws, meter in
            let ec2 = aws.ec2
            let image = try await ImageSource(.ubuntu2404, .x86).currentID(ec2.api)
            for start in [0, 100, 200] {
                for number in start..<start + 100 {
                    let resource = Resource(
                        Address(service: "s\(number)", kind: Instance.kind.name), attributes: [:])
                    try await ec2.perform(
                        "RunInstances",
                        [
                            "ImageId": .string(image), "InstanceType": "t3.micro", "MinCount": 1,
                            "MaxCount": 1,
                            "TagSpecification": ec2.tagSpecification(
                                "instance", for: resource, key: IdempotencyKey("k\(number)")),
                        ])
                }
            }
            let before = meter.total
            let found = try await ec2.list(
                "DescribeInstances", [.aliveInstances], pageSize: 100,
                as: DescribeInstancesPage.self)
            #expect(found.count == 300)
            #expect(meter.total - before == 3)
            #expect(try await engine.observed(aws).count == 300)
        }
    }

    @Test func wrongCredentialsAreRefused() async throws {
        try await withMoto(overriding: ["AWS_SECRET_ACCESS_KEY": "wrong"]) { aws, _ in
            let error = try await providerError { try await aws.observe(Scope(project: "demo")) }
            #expect(error?.reason == .unauthorized)
            #expect(error?.detail.hasPrefix("AuthFailure") == true)
        }
    }

    @Test func theCallerIsKnown() async throws {
        try await withMoto { aws, _ in
            let identity = try await aws.identity()
            #expect(identity.arn == "arn:aws:iam::123456789012:user/launch")
        }
    }

    @Test func aRoleIsAssumedByASignedRequest() async throws {
        let moto = try MotoServer()
        defer { moto.stop() }
        let http = CurlHTTPClient(environment: [:], logger: Logger(label: "moto"))
        defer { http.close() }
        var environment = moto.environment.merging(["HOME": "/", "AWS_PROFILE": "ci"]) { $1 }
        let key = environment.removeValue(forKey: "AWS_ACCESS_KEY_ID") ?? ""
        let secret = environment.removeValue(forKey: "AWS_SECRET_ACCESS_KEY") ?? ""
        let bench = CredentialBench(
            environment,
            config: "[profile ci]\nrole_arn=arn:aws:iam::123456789012:role/ci\n"
                + "source_profile=default",
            credentials: "[default]\naws_access_key_id=\(key)\naws_secret_access_key=\(secret)",
            http: http)
        try await withVirtualTime { clock in
            let aws = AWSProvider(
                ProjectSpec(project: "demo"), environment: bench.environment,
                credentials: bench.chain(clock), http: http, time: clock,
                random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            let identity = try await aws.identity()
            #expect(identity.arn == "arn:aws:sts::123456789012:assumed-role/ci/launch")
        }
    }

    private func withMoto(
        overriding variables: [String: String] = [:],
        _ body: @escaping @Sendable (AWSProvider, RequestMeter) async throws -> Void
    ) async throws {
        let moto = try MotoServer()
        defer { moto.stop() }
        let http = CurlHTTPClient(environment: [:], logger: Logger(label: "moto"))
        defer { http.close() }
        let meter = RequestMeter()
        let environment = moto.environment.merging(variables) { $1 }
        let project = engine.project
        try await withVirtualTime { clock in
            try await body(
                AWSProvider(
                    project, environment: environment,
                    http: MeteredHTTPClient(http, for: .aws, meter: meter), time: clock,
                    random: SeededRandom(seed: 1), digests: OpenSSLDigests()), meter)
        }
    }
}
