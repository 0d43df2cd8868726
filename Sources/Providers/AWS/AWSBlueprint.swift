package import Resources
package import Services

/// A service on AWS: a security group, a profile, a machine with both, a volume for its data, and
/// an address that stays when it is exposed directly.
package struct AWSBlueprint: Blueprint {
    private let seed: @Sendable (Seed) -> Value

    /// - Parameter seed: the machine's user data.
    package init(seed: @escaping @Sendable (Seed) -> Value) { self.seed = seed }

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard service.target == .aws else { return [] }
        let parts = ServiceParts(service, project)
        let boot = Seed(for: service, in: project)
        let machine = parts.instance(seed: seed(boot), boot.information)
        return [
            parts.securityGroup, parts.instanceProfile, parts.volume, parts.elasticIP, machine,
        ].compactMap(\.self)
    }
}

/// The objects of one service.
private struct ServiceParts {
    let service: ServiceSpec
    let project: ProjectSpec

    init(_ service: ServiceSpec, _ project: ProjectSpec) {
        self.service = service
        self.project = project
    }

    var securityGroup: Resource {
        var attributes = common
        attributes["name"] = .string("launch-\(project.project)-\(service.name)")
        attributes["ingress"] = SecurityGroupRule.value(of: ingress)
        attributes["egress"] = SecurityGroupRule.value(
            of: Set(anywhere.map { SecurityGroupRule("-1", ports: nil, peer: $0) }))
        return Resource(
            address(SecurityGroup.kind), attributes: attributes,
            origins: isDirect ? ["ingress": Origin(CloudflareNetworks.builtIn.source)] : [:])
    }

    var volume: Resource? {
        guard let data = service.data else { return nil }
        var attributes = common
        attributes["name"] = .string("\(project.project)-\(service.name)-data")
        attributes["gibibytes"] = .integer(data.gibibytes)
        attributes["protect"] = .boolean(service.protect)
        return Resource(
            address(Volume.kind), attributes: attributes, origins: ["gibibytes": "data"])
    }

    /// Without one of the project's own.
    var instanceProfile: Resource? {
        guard project.aws.instanceProfile == nil else { return nil }
        return Resource(
            address(InstanceProfile.kind),
            attributes: [
                "name": .string(ProfileName(project.project, service.name).text),
                "environment": .string(service.environment),
                "trust": .string(MachinePolicy.trust.jsonText()),
                "policy": .string(MachinePolicy.permissions.jsonText()),
                "ready": true,
            ])
    }

    var elasticIP: Resource? {
        guard isDirect else { return nil }
        return Resource(
            address(ElasticIP.kind),
            attributes: [
                "name": .string("\(project.project)-\(service.name)"),
                "environment": .string(service.environment),
            ], origins: ["name": "expose"])
    }

    /// - Parameter information: what is recorded of the seed.
    func instance(seed: Value, _ information: [String: Value]) -> Resource {
        let shape = service.size.shape
        let architecture = project.aws.architecture
        let type = Value.string(
            InstanceType.cheapest(for: shape, architecture)?.name
                ?? InstanceType.unavailable(shape))
        var attributes = common
        attributes["name"] = .string("\(project.project)-\(service.name)")
        attributes["image"] = .string(project.aws.image.rawValue)
        attributes["architecture"] = .string(architecture.rawValue)
        attributes["instance_type"] = type
        attributes["disk_gibibytes"] = .integer(shape.diskGibibytes)
        attributes["instance_profile"] =
            project.aws.instanceProfile.map(Value.string)
            ?? .reference(address(InstanceProfile.kind), "id")
        attributes["spot"] = .boolean(service.spot)
        if service.spot { attributes["spot_type"] = type }
        attributes["elastic_ip"] = isDirect ? .reference(address(ElasticIP.kind), "id") : .null
        attributes["security_groups"] = [.reference(address(SecurityGroup.kind), "id")]
        attributes["metadata_tokens"] = "required"
        attributes["metadata_hop_limit"] = 1
        attributes["running"] = true
        attributes["protect"] = .boolean(service.protect)
        attributes["seed"] = seed
        attributes.merge(information) { $1 }
        if service.data != nil {
            let volume = address(Volume.kind)
            attributes["data_volume"] = .reference(volume, "id")
            attributes["availability_zone"] = .reference(volume, "availability_zone")
        }
        return Resource(
            service.machine, attributes: attributes,
            origins: [
                "instance_type": "size", "spot_type": "size", "disk_gibibytes": "size",
                "data_volume": "data", "availability_zone": "data", "elastic_ip": "expose",
            ])
    }

    /// What every object has.
    private var common: [String: Value] {
        var attributes: [String: Value] = ["environment": .string(service.environment)]
        let place = project.aws.subnet
        if place != "default" {
            attributes[place.hasPrefix("vpc-") ? "vpc" : "subnet"] = .string(place)
        }
        return attributes
    }

    private var isDirect: Bool { service.publicAccess != nil && service.exposure == .direct }

    /// A tunnel opens connections from inside, so it needs no rule here. Who is exposed directly
    /// is reached through Cloudflare's proxies, and by nobody who goes round them.
    private var ingress: Set<SecurityGroupRule> {
        var rules = service.ingress.flatMap { rule in
            rule.sources.map {
                SecurityGroupRule(
                    rule.transport.rawValue, ports: rule.port...rule.port, peer: $0)
            }
        }
        if isDirect {
            rules += CloudflareNetworks.builtIn.rules
        }
        return Set(rules)
    }

    private var anywhere: [String] { ["0.0.0.0/0", "::/0"] }

    private func address(_ kind: ResourceKind) -> Address {
        Address(service: service.name, kind: kind.name)
    }
}
