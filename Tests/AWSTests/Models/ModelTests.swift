import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import Synchronization
import TestSupport
import Testing
import XMLCoder

@testable import AWS

/// Launch's requests and its reading of answers, against AWS's own models of its services.
@Suite(.enabled(if: MotoServer.python != nil, "\(Botocore.reason)"))
struct ModelTests {
    private static let engine = TestEngine(project: ProjectSpec(project: "demo"))

    /// Every form of several lives is one that botocore would write as well.
    @Test func everyRequestIsAsBotocoreWritesIt() async throws {
        let requests = try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
            ) { _ in [:] }
            let recorder = FormRecorder(world)
            let aws = AWSProvider(
                Self.engine.project, environment: world.environment, http: recorder, time: clock,
                random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            for (name, change) in Self.lives {
                var service = ServiceSpec(
                    name: name, target: .aws,
                    publicAccess: PublicAccess(hostname: "web.example.com", port: 443),
                    data: DataVolume(gibibytes: 7), exposure: .direct)
                _ = try await Self.engine.create(service, on: aws)
                change(&service)
                try await Self.engine.update(service, on: aws)
            }
            try await Self.engine.removeAll(from: aws)
            return recorder.forms
        }
        let called = Set(requests.compactMap { $0.form["Action"] })
        #expect(called.count > 30, "\(called.sorted())")
        #expect(Set(requests.map(\.permission)).subtracting(Self.permitted) == [])
        #expect(try BotocoreModel.problems(of: requests) == [])
    }

    /// What the policy that the doctor prints allows for such services.
    private static var permitted: Set<String> {
        let service = ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 443),
            data: DataVolume(gibibytes: 7), exposure: .direct)
        let resources = AWSBlueprint { _ in .null }
            .resources(for: service, in: engine.project)
        let policy = AWSPolicy(for: resources, in: engine.project).document
        return Set(
            (policy["Statement"]?.list ?? []).flatMap { statement in
                (statement["Action"]?.list ?? [statement["Action"] ?? .null])
                    .compactMap(\.string)
            })
    }

    private static let lives: [(String, @Sendable (inout ServiceSpec) -> Void)] = [
        (
            "resized",
            {
                $0.size = .custom(
                    MachineShape(cpu: 4, memoryMebibytes: 16384, diskGibibytes: 40))
                $0.environment = "staging"
                $0.data = DataVolume(gibibytes: 9)
            }
        ),
        ("opened", { $0.ingress = [IngressRule(port: 22, sources: ["10.0.0.0/8", "::/0"])] }),
    ]

    @Test func everyAnswerIsReadAsItsModelHasIt() throws {
        let readings = Self.readings
        let answers = try BotocoreModel.answers(to: readings.map(\.operation))
        for (reading, answer) in zip(readings, answers) {
            #expect(throws: Never.self, "\(reading.operation)") {
                try reading.check(XMLDecoder(), Data(answer.utf8))
            }
        }
    }

    private struct Reading {
        let operation: String
        let check: (XMLDecoder, Data) throws -> Void

        init<Document: Decodable>(
            _ operation: String, _ type: Document.Type, _ holds: @escaping (Document) -> Bool
        ) {
            self.operation = operation
            check = { decoder, data in
                let document = try decoder.decode(type, from: data)
                #expect(holds(document), "\(operation)")
            }
        }
    }

    private static var readings: [Reading] {
        [
            Reading("ec2:DescribeInstances", DescribeInstancesPage.self) { page in
                page.elements.first.map { instance in
                    instance.instanceId == "text" && instance.tagSet?.items.count == 1
                        && instance.groupSet?.items.count == 1
                        && instance.metadataOptions?.httpPutResponseHopLimit == 7
                        && instance.volume(at: "text") == "text"
                        && instance.iamInstanceProfile?.arn == "text"
                        && instance.ipv6Address == "text" && instance.architecture == "text"
                } ?? false
            },
            Reading("ec2:RunInstances", ReservationDocument.self) {
                $0.instancesSet.items.count == 1
            },
            Reading("ec2:DescribeVolumes", DescribeVolumesPage.self) {
                $0.elements.first?.size == 7 && $0.elements.first?.attachments.count == 1
            },
            Reading("ec2:CreateVolume", VolumeDocument.self) { $0.availabilityZone == "text" },
            Reading("ec2:DescribeSecurityGroups", DescribeSecurityGroupsPage.self) { page in
                page.elements.first?.ipPermissions?.items.first?.ipRanges?.items.first?.cidrIp
                    == "text"
            },
            Reading("ec2:CreateSecurityGroup", CreatedGroupDocument.self) { $0.groupId == "text" },
            Reading("ec2:DescribeSubnets", DescribeSubnetsPage.self) {
                $0.elements.first?.vpcId == "text"
            },
            Reading("ec2:DescribeAddresses", DescribeAddressesDocument.self) {
                $0.addressesSet?.items.first?.allocationId == "text"
            },
            Reading("ec2:AllocateAddress", AllocatedAddressDocument.self) { $0.publicIp == "text" },
            Reading("ec2:DescribeVpcs", DescribeVPCsPage.self) {
                $0.elements.first?.vpcId == "text"
            },
            Reading("ec2:CreateVpc", CreatedVPCDocument.self) { $0.vpc.vpcId == "text" },
            Reading("ec2:DescribeInternetGateways", DescribeInternetGatewaysPage.self) {
                $0.elements.first?.attachmentSet?.items.first?.vpcId == "text"
            },
            Reading("ec2:CreateInternetGateway", CreatedInternetGatewayDocument.self) {
                $0.internetGateway.internetGatewayId == "text"
            },
            Reading("ec2:DescribeRouteTables", DescribeRouteTablesPage.self) {
                $0.elements.first?.routeSet?.items.first?.gatewayId == "text"
            },
            Reading("ec2:DescribeAvailabilityZones", DescribeAvailabilityZonesDocument.self) {
                $0.availabilityZoneInfo?.items.first?.zoneName == "text"
            },
            Reading(
                "ec2:DescribeIamInstanceProfileAssociations", DescribeProfileAssociationsPage.self
            ) { $0.elements.first?.associationId == "text" },
            Reading("iam:GetAccountAuthorizationDetails", AccountDetailsDocument.self) { document in
                let role = document.result.roles?.items.first
                return role?.policies?.items.first?.document == "text"
                    && role?.profiles?.items.first?.roles?.items.first?.name == "text"
                    && role?.tags?.items.first?.key == "text"
            },
            Reading("iam:GetRole", GetRoleDocument.self) { $0.result.role.trust == "text" },
            Reading("iam:GetRolePolicy", GetRolePolicyDocument.self) {
                $0.result.document == "text"
            },
            Reading("iam:GetInstanceProfile", GetInstanceProfileDocument.self) {
                $0.result.profile.roles?.items.count == 1
            },
            Reading("iam:ListRolePolicies", ListRolePoliciesDocument.self) {
                $0.result.names?.items == ["text"]
            },
            Reading("iam:ListAttachedRolePolicies", ListAttachedRolePoliciesDocument.self) {
                $0.result.policies?.items.first?.arn == "text"
            },
        ]
    }
}

extension BotocoreModel.Request {
    /// `ec2:RunInstances`
    fileprivate var permission: String { "\(service):\(form["Action"] ?? "")" }
}

/// Keeps the form of each request of the query protocol.
private final class FormRecorder: HTTPClient {
    private let base: any HTTPClient
    private let kept = Mutex<Set<BotocoreModel.Request>>([])

    init(_ base: any HTTPClient) { self.base = base }

    var forms: [BotocoreModel.Request] { kept.withLock { Array($0) } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if case .bytes(let bytes) = request.body, request.operation.contains(".") == false {
            let pairs = String(decoding: bytes, as: UTF8.self).split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1).map {
                    String($0).percentDecoded
                }
                return (parts[0], parts.count > 1 ? parts[1] : "")
            }
            let host = request.url.split(separator: "/")[1]
            let form = BotocoreModel.Request(
                service: String(host.prefix { $0 != "." }),
                form: Dictionary(pairs) { first, _ in first })
            kept.withLock { _ = $0.insert(form) }
        }
        return try await base.send(request)
    }
}
