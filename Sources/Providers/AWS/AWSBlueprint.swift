package import Resources
package import Services

/// A service on AWS: a security group, a machine in it, and a volume for its data.
package struct AWSBlueprint: Blueprint {
    private let seed: @Sendable (Seed) -> Value

    /// - Parameter seed: the machine's user data.
    package init(seed: @escaping @Sendable (Seed) -> Value) { self.seed = seed }

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard service.target == .aws else { return [] }
        let parts = ServiceParts(service, project)
        let machine = parts.instance(seed: seed(Seed(for: service, in: project)))
        return [parts.securityGroup, parts.volume, machine].compactMap(\.self)
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
        return Resource(address(SecurityGroup.kind), attributes: attributes)
    }

    var volume: Resource? {
        guard let data = service.data else { return nil }
        var attributes = common
        attributes["name"] = .string("\(project.project)-\(service.name)-data")
        attributes["gibibytes"] = .integer(data.gibibytes)
        return Resource(
            address(Volume.kind), attributes: attributes, origins: ["gibibytes": "data"])
    }

    func instance(seed: Value) -> Resource {
        let shape = service.size.shape
        let type = InstanceType.cheapest(for: shape)?.name ?? InstanceType.unavailable(shape)
        var attributes = common
        attributes["name"] = .string("\(project.project)-\(service.name)")
        attributes["image"] = .string(project.aws.image.rawValue)
        attributes["instance_type"] = .string(type)
        attributes["disk_gibibytes"] = .integer(shape.diskGibibytes)
        attributes["instance_profile"] = project.aws.instanceProfile.map(Value.string)
        attributes["spot"] = .boolean(service.spot)
        attributes["security_groups"] = [.reference(address(SecurityGroup.kind), "id")]
        attributes["metadata_tokens"] = "required"
        attributes["metadata_hop_limit"] = 1
        attributes["running"] = true
        attributes["protect"] = .boolean(service.protect)
        attributes["seed"] = seed
        if service.data != nil {
            let volume = address(Volume.kind)
            attributes["data_volume"] = .reference(volume, "id")
            attributes["availability_zone"] = .reference(volume, "availability_zone")
        }
        return Resource(
            service.machine, attributes: attributes,
            origins: [
                "instance_type": "size", "disk_gibibytes": "size", "data_volume": "data",
                "availability_zone": "data",
            ])
    }

    /// What every object has.
    private var common: [String: Value] {
        var attributes: [String: Value] = ["environment": .string(service.environment)]
        if project.aws.subnet != "default" { attributes["subnet"] = .string(project.aws.subnet) }
        return attributes
    }

    /// A tunnel opens connections from inside, so it needs no rule here.
    private var ingress: Set<SecurityGroupRule> {
        var rules = service.ingress.flatMap { rule in
            rule.sources.map {
                SecurityGroupRule(
                    rule.transport.rawValue, ports: rule.port...rule.port, peer: $0)
            }
        }
        if service.publicAccess != nil, service.exposure == .direct {
            rules += [80, 443].flatMap { port in
                anywhere.map { SecurityGroupRule("tcp", ports: port...port, peer: $0) }
            }
        }
        return Set(rules)
    }

    private var anywhere: [String] { ["0.0.0.0/0", "::/0"] }

    private func address(_ kind: ResourceKind) -> Address {
        Address(service: service.name, kind: kind.name)
    }
}
