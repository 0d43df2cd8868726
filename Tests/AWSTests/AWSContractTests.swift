import AWS
import Cryptography
import Resources
import Services
import Simulation
import TestSupport
import Testing

@Suite struct AWSContractTests {
    @Test func aSecurityGroupHonoursTheContract() async throws {
        let edited = Self.web[0].with([
            "environment": "staging",
            "ingress": [
                ["protocol": "udp", "from_port": 53, "to_port": 53, "peer": "10.0.0.0/8"]
            ],
            "egress": [["protocol": "tcp", "from_port": 443, "to_port": 443, "peer": "::/0"]],
        ])
        try await check(Self.web[0], edited)
    }

    @Test func aVolumeHonoursTheContract() async throws {
        let edited = Self.web[1].with([
            "name": "renamed", "environment": "staging", "gibibytes": 9,
        ])
        try await check(Self.web[1], edited)
    }

    /// The machine moves to another service's group and volume.
    @Test func anInstanceHonoursTheContract() async throws {
        let prerequisites = Self.web.prefix(2) + Self.other.prefix(2)
        let edited = Self.web[2].with([
            "name": "renamed", "environment": "staging", "instance_type": "m7i.large",
            "disk_gibibytes": 40, "metadata_tokens": "optional", "metadata_hop_limit": 2,
            "security_groups": [.reference(Self.other[0].address, "id")],
            "data_volume": .reference(Self.other[1].address, "id"),
        ])
        try await check(
            Self.web[2], edited, prerequisites: Array(prerequisites), leaving: ["running"])
    }

    private static let web = resources(of: "web")
    private static let other = resources(of: "other")

    /// A group, a volume and a machine.
    private static func resources(of service: String) -> [Resource] {
        let spec = ServiceSpec(
            name: service, target: .aws, data: DataVolume(gibibytes: 7),
            ingress: [IngressRule(port: 22, sources: ["10.0.0.0/8", "2001:db8::/32"])])
        return AWSBlueprint { _ in .secret(Secret("#cloud-config\n")) }
            .resources(for: spec, in: .example)
    }

    private func check(
        _ example: Resource, _ edited: Resource, prerequisites: [Resource] = [],
        leaving fields: [String] = []
    ) async throws {
        let left = try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
            ) { _ in [:] }
            let aws = provider("demo", in: world, clock)
            try await makeBystanders(in: world, clock)
            let contract = ProviderContract(
                aws, example: example, edited: edited, prerequisites: prerequisites,
                project: "demo", in: world, bystanders: bystanders)
            try await contract.check()
            return contract.fieldsLeftAlone
        }
        #expect(left == fields)
    }
}

private func provider(
    _ project: String, in world: SimulatedWorld, _ clock: VirtualClock
) -> AWSProvider {
    AWSProvider(
        ProjectSpec(project: project), environment: world.environment, http: world, time: clock,
        random: SeededRandom(seed: 1), digests: OpenSSLDigests())
}

/// Another project's service of the same name.
private func makeBystanders(in world: SimulatedWorld, _ clock: VirtualClock) async throws {
    let engine = TestEngine(project: ProjectSpec(project: "other"))
    let service = ServiceSpec(name: "web", target: .aws, data: DataVolume(gibibytes: 7))
    _ = try await engine.create(service, on: provider("other", in: world, clock))
}

private func bystanders(_ core: WorldCore) -> [String] {
    [
        "\(core.aws?.ec2.instance(tagged: "launch:project", "other") as Any)",
        "\(core.aws?.ec2.group(tagged: "launch:project", "other") as Any)",
    ]
}
