@testable import AWS
import Resources
import Services
import Testing

@Suite struct AWSBlueprintTests {
    private let blueprint = AWSBlueprint { _ in "seed" }
    private let egress: Value = [
        ["protocol": "-1", "peer": "0.0.0.0/0"], ["protocol": "-1", "peer": "::/0"],
    ]

    private static let origins: [String: Origin] = [
        "instance_type": "size", "spot_type": "size", "disk_gibibytes": "size",
        "data_volume": "data", "availability_zone": "data", "elastic_ip": "expose",
    ]

    private func address(_ kind: String) -> Address {
        Address(service: "web", kind: KindName(.aws, kind))
    }

    @Test func aTunnelledServiceIsClosedFromOutside() {
        let service = ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 80))
        #expect(
            blueprint.resources(for: service, in: .example) == [
                Resource(
                    address("security_group"),
                    attributes: [
                        "name": "launch-demo-web", "environment": "production", "ingress": [],
                        "egress": egress,
                    ]),
                Resource(
                    address("instance_profile"),
                    attributes: [
                        "name": "launch-demo-web", "environment": "production", "ready": true,
                        "trust": .string(MachinePolicy.trust.jsonText()),
                        "policy": .string(MachinePolicy.permissions.jsonText()),
                    ]),
                Resource(
                    address("instance"),
                    attributes: [
                        "name": "demo-web", "environment": "production", "image": "ubuntu-24.04",
                        "architecture": "x86_64", "elastic_ip": .null,
                        "instance_profile": .reference(address("instance_profile"), "id"),
                        "instance_type": "t3.small", "disk_gibibytes": 20, "spot": false,
                        "security_groups": [.reference(address("security_group"), "id")],
                        "metadata_tokens": "required", "metadata_hop_limit": 1, "running": true,
                        "protect": false, "seed": "seed",
                    ].withInformation,
                    origins: Self.origins),
            ])
    }

    @Test func everySettingReachesAnObject() {
        var project = ProjectSpec.example
        project.aws.subnet = "subnet-1"
        project.aws.instanceProfile = "profile"
        project.aws.image = .debian12
        project.aws.architecture = .arm
        let service = ServiceSpec(
            name: "web", target: .aws, size: .named(.large), spot: true,
            data: DataVolume(gibibytes: 7), exposure: .direct,
            ingress: [IngressRule(port: 53, sources: ["10.0.0.0/8"], transport: .udp)],
            environment: "staging", protect: true)
        #expect(
            blueprint.resources(for: service, in: project) == [
                Resource(
                    address("security_group"),
                    attributes: [
                        "name": "launch-demo-web", "environment": "staging",
                        "subnet": "subnet-1", "egress": egress,
                        "ingress": [
                            [
                                "protocol": "udp", "from_port": 53, "to_port": 53,
                                "peer": "10.0.0.0/8",
                            ]
                        ],
                    ]),
                Resource(
                    address("volume"),
                    attributes: [
                        "name": "demo-web-data", "environment": "staging", "subnet": "subnet-1",
                        "gibibytes": 7, "protect": true,
                    ],
                    origins: ["gibibytes": "data"]),
                Resource(
                    address("instance"),
                    attributes: [
                        "name": "demo-web", "environment": "staging", "image": "debian-12",
                        "subnet": "subnet-1", "instance_profile": "profile",
                        "architecture": "arm64", "elastic_ip": .null, "instance_type": "t4g.xlarge",
                        "spot_type": "t4g.xlarge", "disk_gibibytes": 50, "spot": true,
                        "security_groups": [.reference(address("security_group"), "id")],
                        "data_volume": .reference(address("volume"), "id"),
                        "availability_zone": .reference(address("volume"), "availability_zone"),
                        "metadata_tokens": "required", "metadata_hop_limit": 1, "running": true,
                        "protect": true, "seed": "seed",
                    ].withInformation,
                    origins: Self.origins),
            ])
    }

    @Test func directExposureAdmitsCloudflareAlone() {
        let service = ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 80), exposure: .direct)
        let resources = blueprint.resources(for: service, in: .example)
        let rules = resources.first?["ingress"]?.list ?? []
        #expect(rules.allSatisfy { $0["from_port"] == 443 && $0["to_port"] == 443 })
        #expect(
            Set(rules.compactMap { $0["peer"]?.string }) == Set(CloudflareNetworks.builtIn.blocks))
        #expect(rules.count == 22)
        #expect(
            resources.first { $0.address == address("elastic_ip") }?.attributes == [
                "name": "demo-web", "environment": "production",
            ])
        #expect(
            resources.last?["elastic_ip"] == .reference(address("elastic_ip"), "id"))
    }

    @Test func aVPCMayBeNamedInPlaceOfASubnet() {
        var project = ProjectSpec.example
        project.aws.subnet = "vpc-0a1b2c3d"
        let service = ServiceSpec(name: "web", target: .aws)
        let places = blueprint.resources(for: service, in: project).map { $0["vpc"] }
        #expect(places == ["vpc-0a1b2c3d", nil, "vpc-0a1b2c3d"])
    }

    @Test func longNamesOfProfilesStayApart() {
        let service = String(repeating: "s", count: 62)
        let names = ["a", "b"].map { ProfileName("project", service + $0).text }
        #expect(names.map(\.count) == [64, 64])
        #expect(Set(names).count == 2)
    }

    @Test func otherTargetsAreLeftAlone() {
        let service = ServiceSpec(name: "web", target: .proxmox)
        #expect(blueprint.resources(for: service, in: .example).isEmpty)
    }

    @Test(arguments: [
        (Size.named(.small), "t3.small"), (.named(.medium), "t3.medium"),
        (.named(.large), "t3.xlarge"), (.named(.xlarge), "t3.2xlarge"),
        (.custom(MachineShape(cpu: 1, memoryMebibytes: 1, diskGibibytes: 8)), "t3.micro"),
        (.custom(MachineShape(cpu: 1, memoryMebibytes: 4097, diskGibibytes: 8)), "t3.large"),
        (.custom(MachineShape(cpu: 9, memoryMebibytes: 1, diskGibibytes: 8)), "c6i.4xlarge"),
        (
            .custom(MachineShape(cpu: 900, memoryMebibytes: 1, diskGibibytes: 8)),
            "900-cpu-1-MiB"
        ),
    ]) func sizesBecomeTheCheapestType(_ size: Size, _ type: String) {
        let service = ServiceSpec(name: "web", target: .aws, size: size)
        let machine = blueprint.resources(for: service, in: .example).last
        #expect(machine?["instance_type"] == .string(type))
    }
}

extension [String: Value] {
    /// With what is recorded of the seed.
    fileprivate var withInformation: Self {
        merging(Seed(for: ServiceSpec(name: "web", target: .aws), in: .example).information) { $1 }
    }
}
