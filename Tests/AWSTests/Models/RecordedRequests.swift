import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport

@testable import AWS

/// What Launch sends in lives that between them call every operation.
enum RecordedRequests {
    static let project = ProjectSpec(
        project: "demo",
        budget: BudgetSpec(
            monthlyUSD: 50,
            notify: ["ops@example.com", "arn:aws:sns:us-east-1:123456789012:bills"]))

    static let service = ServiceSpec(
        name: "web", target: .aws,
        publicAccess: PublicAccess(hostname: "web.example.com", port: 443),
        data: DataVolume(gibibytes: 7), exposure: .direct)

    static func all() async throws -> [HTTPRequest] {
        let lives = [
            edits, repairs, partings, spot, adoptions, budget, ownNetwork, roles, words, prices,
            witnesses,
        ]
        var requests: [HTTPRequest] = []
        for life in lives { requests += try await life() }
        return requests
    }

    // MARK: - In the simulated world

    private static let engine = TestEngine(project: project)

    private static func inWorld(
        _ live: @escaping @Sendable (AWSProvider, VirtualClock) async throws -> Void
    ) async throws -> [HTTPRequest] {
        try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
            ) { _ in [:] }
            let recorder = RequestRecorder(world)
            let aws = AWSProvider(
                project, environment: world.environment, http: recorder, time: clock,
                random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            try await live(aws, clock)
            return recorder.requests
        }
    }

    private static let changes: [@Sendable (inout ServiceSpec) -> Void] = [
        {
            $0.size = .custom(MachineShape(cpu: 4, memoryMebibytes: 16384, diskGibibytes: 40))
            $0.environment = "staging"
            $0.data = DataVolume(gibibytes: 9)
        }, { $0.ingress = [IngressRule(port: 22, sources: ["10.0.0.0/8", "::/0"])] },
    ]

    private static func edits() async throws -> [HTTPRequest] {
        try await inWorld { aws, _ in
            for (number, change) in changes.enumerated() {
                var service = service
                service.name = "web\(number)"
                _ = try await engine.create(service, on: aws)
                change(&service)
                try await engine.update(service, on: aws)
            }
            _ = try await aws.identity()
            try await engine.removeAll(from: aws)
        }
    }

    /// What somebody else changed comes back, and what he added goes.
    private static func repairs() async throws -> [HTTPRequest] {
        try await inWorld { aws, clock in
            let made = try await engine.create(service, on: aws)
            let desired = engine.resolved(service, made)
            for kind in [SecurityGroup.kind, InstanceProfile.kind, Instance.kind] {
                guard var object = made.first(where: { $0.address.kind == kind.name }),
                    let wanted = desired.first(where: { $0.address == object.address })
                else { continue }
                object.attributes["metadata_tokens"] = "optional"
                object.attributes["instance_profile"] = "another"
                _ = try await aws.update(object, to: wanted)
            }
            try await repairGroup(in: aws, made)
            try await repairRole(in: aws, made)
            if let machine = made.first(where: { $0.address.kind == Instance.kind.name }) {
                try await repairProfile(of: machine, in: aws, made)
                try await clock.sleep(for: .seconds(600))
                _ = try await aws.consoleOutput(of: machine.id)
            }
            try await engine.removeAll(from: aws)
        }
    }

    private static func repairGroup(
        in aws: AWSProvider, _ made: [ObservedResource]
    ) async throws {
        guard let group = made.first(where: { $0.address.kind == SecurityGroup.kind.name }) else {
            return
        }
        for rules in [[SecurityGroupRule("tcp", ports: 1...9, peer: "192.0.2.0/24")], []] {
            let address = group.address
            var wanted = Resource(address, attributes: group.attributes)
            wanted.attributes["egress"] = SecurityGroupRule.value(of: Set(rules))
            wanted.attributes["ingress"] = SecurityGroupRule.value(of: Set(rules))
            _ = try await aws.update(group, to: wanted)
        }
    }

    private static func repairRole(
        in aws: AWSProvider, _ made: [ObservedResource]
    ) async throws {
        guard let role = made.first(where: { $0.address.kind == InstanceProfile.kind.name }),
            let wanted = engine.resolved(service, made).first(where: { $0.address == role.address })
        else { return }
        let iam = IAM(api: aws.ec2.api)
        let name = Value.string(role.id)
        try await iam.perform(
            "UpdateAssumeRolePolicy", ["RoleName": name, "PolicyDocument": #"{"Statement":[]}"#])
        try await iam.perform(
            "AttachRolePolicy",
            ["RoleName": name, "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"])
        _ = try await aws.update(role, to: wanted)
    }

    /// Where there is none, one is associated.
    private static func repairProfile(
        of machine: ObservedResource, in aws: AWSProvider, _ made: [ObservedResource]
    ) async throws {
        let association = try await aws.ec2.list(
            "DescribeIamInstanceProfileAssociations", [Filter("instance-id", machine.id)],
            as: DescribeProfileAssociationsPage.self
        ).first
        try await aws.ec2.perform(
            "DisassociateIamInstanceProfile",
            ["AssociationId": association.map { .string($0.associationId) } ?? .null])
        var bare = machine
        bare.attributes["instance_profile"] = .null
        guard
            let wanted = engine.resolved(service, made).first(where: {
                $0.address == machine.address
            })
        else { return }
        _ = try await aws.update(bare, to: wanted)
    }

    /// A machine that gets another seed, and then is to have neither data nor an address.
    private static func partings() async throws -> [HTTPRequest] {
        try await inWorld { aws, _ in
            let made = try await engine.create(service, on: aws)
            guard let machine = made.first(where: { $0.address.kind == Instance.kind.name }),
                var wanted = engine.resolved(service, made).first(where: {
                    $0.address == machine.address
                })
            else { return }
            _ = try await aws.reseed(machine, with: wanted, key: IdempotencyKey("2"))
            wanted.attributes["data_volume"] = .null
            wanted.attributes["elastic_ip"] = .null
            _ = try await aws.update(machine, to: wanted)
        }
    }

    /// One cannot stop a spot machine for its disk.
    private static func spot() async throws -> [HTTPRequest] {
        try await inWorld { aws, _ in
            var service = service
            service.spot = true
            service.size = .custom(
                MachineShape(cpu: 2, memoryMebibytes: 2048, diskGibibytes: 20))
            _ = try await engine.create(service, on: aws)
            service.size = .custom(
                MachineShape(cpu: 2, memoryMebibytes: 2048, diskGibibytes: 30))
            try await engine.update(service, on: aws)
        }
    }

    private static func adoptions() async throws -> [HTTPRequest] {
        try await inWorld { aws, _ in
            let made = try await engine.create(service, on: aws)
            for desired in engine.resolved(service, made) {
                guard let object = made.first(where: { $0.address == desired.address }) else {
                    continue
                }
                try await aws.release(object)
                try await aws.adopt(object.id, as: desired)
            }
        }
    }

    private static func budget() async throws -> [HTTPRequest] {
        try await inWorld { aws, _ in
            var project = project
            var made = try await aws.create(
                BudgetBlueprint().resources(for: project)[0], key: IdempotencyKey("k"))
            let edits: [@Sendable (inout BudgetSpec) -> Void] = [
                { $0.monthlyUSD = 80 }, { $0.notify = ["ops@example.com", "boss@example.com"] },
                { $0.alertAt = [50, 100] }, { $0.watched = .account },
            ]
            for edit in edits {
                if var budget = project.budget {
                    edit(&budget)
                    project.budget = budget
                }
                project.environment = "staging"
                made = try await aws.update(
                    made, to: BudgetBlueprint().resources(for: project)[0])
            }
            try await aws.delete(made)
        }
    }
}
