import AWS
import Cryptography
import Resources
import Services
import Simulation
import TestSupport
import Testing

@Suite struct AWSContractTests {
    @Test func aSecurityGroupHonoursTheContract() async throws {
        let edited = Self.web("security_group").with([
            "environment": "staging",
            "ingress": [
                ["protocol": "udp", "from_port": 53, "to_port": 53, "peer": "10.0.0.0/8"]
            ],
            "egress": [["protocol": "tcp", "from_port": 443, "to_port": 443, "peer": "::/0"]],
        ])
        try await check(Self.web("security_group"), edited)
    }

    @Test func aVolumeHonoursTheContract() async throws {
        let edited = Self.web("volume").with([
            "name": "renamed", "environment": "staging", "gibibytes": 9, "protect": true,
        ])
        try await check(Self.web("volume"), edited)
    }

    /// The machine moves to another service's group and volume.
    @Test func anInstanceHonoursTheContract() async throws {
        let prerequisites = ["web", "other"].flatMap { Self.resources(of: $0).dropLast() }
        let edited = Self.web("instance").with([
            "name": "renamed", "environment": "staging", "instance_type": "m7i.large",
            "disk_gibibytes": 40, "metadata_tokens": "optional", "metadata_hop_limit": 2,
            "security_groups": [.reference(Self.other("security_group").address, "id")],
            "data_volume": .reference(Self.other("volume").address, "id"),
            "elastic_ip": .reference(Self.other("elastic_ip").address, "id"),
            "instance_profile": .reference(Self.other("instance_profile").address, "id"),
        ])
        try await check(
            Self.web("instance"), edited, prerequisites: prerequisites, leaving: ["running"])
    }

    @Test func anElasticIPHonoursTheContract() async throws {
        let edited = Self.web("elastic_ip").with(["name": "renamed", "environment": "staging"])
        try await check(Self.web("elastic_ip"), edited)
    }

    @Test func anInstanceProfileHonoursTheContract() async throws {
        let closed: Value = ["Version": "2012-10-17", "Statement": []]
        let edited = Self.web("instance_profile").with([
            "environment": "staging", "trust": .string(closed.jsonText()),
            "policy": .string(closed.jsonText()),
        ])
        try await check(Self.web("instance_profile"), edited, leaving: ["ready"])
    }

    private static func web(_ kind: String) -> Resource { one(kind, of: "web") }
    private static func other(_ kind: String) -> Resource { one(kind, of: "other") }

    private static func one(_ kind: String, of service: String) -> Resource {
        let address = Address(service: service, kind: KindName(.aws, kind))
        return resources(of: service).first { $0.address == address }
            ?? Resource(address, attributes: [:])
    }

    /// One of every kind, the machine last.
    private static func resources(of service: String) -> [Resource] {
        let spec = ServiceSpec(
            name: service, target: .aws,
            publicAccess: PublicAccess(hostname: "\(service).example.com", port: 443),
            data: DataVolume(gibibytes: 7), exposure: .direct,
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
