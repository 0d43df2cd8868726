import AWS
import Resources
import Services
import Testing

/// The policy that the doctor prints; that it suffices is shown with the models' tests.
@Suite struct AWSPolicyTests {
    private func actions(_ change: (inout ServiceSpec, inout ProjectSpec) -> Void) -> Set<String> {
        var service = ServiceSpec(name: "web", target: .aws)
        var project = ProjectSpec.example
        change(&service, &project)
        let resources = AWSBlueprint { _ in .null }.resources(for: service, in: project)
        let statements = AWSPolicy(for: resources, in: project).document["Statement"]?.list ?? []
        return Set(
            statements.flatMap { statement in
                (statement["Action"]?.list ?? [statement["Action"] ?? .null])
                    .compactMap(\.string)
            })
    }

    @Test func whatNoServiceNeedsIsNotAsked() {
        let plain = actions { _, _ in }
        #expect(plain.contains("ec2:RunInstances"))
        #expect(plain.isDisjoint(with: ["ec2:CreateVolume", "ec2:AllocateAddress"]))
        let direct = actions { service, _ in
            service.publicAccess = PublicAccess(hostname: "web.example.com", port: 443)
            service.exposure = .direct
            service.data = DataVolume(gibibytes: 7)
        }
        #expect(direct.isSuperset(of: ["ec2:CreateVolume", "ec2:AllocateAddress"]))
    }

    @Test func aProfileOfOnesOwnLeavesNothingToIAM() {
        let own = actions { _, project in project.aws.instanceProfile = "runner" }
        #expect(own.filter { $0.hasPrefix("iam:") } == ["iam:PassRole"])
    }

    @Test func aNamedSubnetNeedsNoNetwork() {
        let named = actions { _, project in project.aws.subnet = "subnet-0a1b2c3d" }
        #expect(!named.contains("ec2:CreateVpc"))
        #expect(actions { _, _ in }.contains("ec2:CreateVpc"))
    }

    @Test func changesAreLimitedToWhatBearsTheMark() {
        let resources = AWSBlueprint { _ in .null }
            .resources(for: ServiceSpec(name: "web", target: .aws), in: .example)
        let statements = AWSPolicy(for: resources, in: .example).document["Statement"]?.list ?? []
        let changing = statements.first { $0["Sid"] == "Change" }
        #expect(
            changing?["Condition"] == ["StringEquals": ["aws:ResourceTag/launch:project": "demo"]])
        #expect(changing?["Action"]?.list?.contains("ec2:TerminateInstances") == true)
    }
}
