package import Resources
package import Services

/// What a service with `target: proxmox` needs: a guest, and the guest's firewall.
package struct ProxmoxBlueprint: Blueprint {
    package init() {}

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard service.target == .proxmox else { return [] }
        return [guest(of: service, in: project), firewall(of: service)]
    }

    private func guest(of service: ServiceSpec, in project: ProjectSpec) -> Resource {
        let seed = Seed(for: service, in: project)
        var attributes = common(service, project)
        var origins: [String: Origin] = [
            "cpu": "size", "memory": "size", "disk": "size", "exposed": "expose",
            "owner": "environment",
        ]
        if let data = service.data {
            attributes["data_disk"] = .integer(data.gibibytes)
            origins["data_disk"] = "data"
        }
        switch service.guest {
        case .vm:
            attributes["agent"] = true
            attributes["seed"] = seed.userData
        case .lxc:
            attributes.merge([
                "swap": 512, "ip": "dhcp", "nesting": true, "unprivileged": true,
                "seed": seed.containerScript,
            ]) { $1 }
        }
        attributes.merge(seed.information) { $1 }
        return Resource(service.machine, attributes: attributes, origins: origins)
    }

    private func common(_ service: ServiceSpec, _ project: ProjectSpec) -> [String: Value] {
        let settings = project.proxmox
        let shape = service.size.shape
        let tags = OwnershipMark.tags(project: project.project, service: service.name)
        return [
            "name": .string(service.name),
            "cpu": .integer(shape.cpu),
            "memory": .integer(shape.memoryMebibytes),
            "disk": .integer(shape.diskGibibytes),
            "bridge": .string(settings.bridge),
            "firewall": true,
            "tags": .list(tags.map { .string($0) }),
            "owner": [
                "project": .string(project.project),
                "environment": .string(service.environment),
            ],
            "protect": .boolean(service.protect),
            "exposed": .boolean(service.exposure == .direct && service.publicAccess != nil),
            "onboot": true,
            "running": true,
            "image": .string(settings.image.rawValue),
            "storage": .string(settings.storage),
            "image_storage": .string(settings.imageStorage),
            "placement": .string(settings.node),
        ]
    }

    /// Closed but for what the spec opens. An address by DHCP needs its own permission.
    private func firewall(of service: ServiceSpec) -> Resource {
        let address = Address(service: service.name, kind: ResourceKind.proxmoxFirewall.name)
        return Resource(
            address,
            attributes: [
                "guest": .reference(service.machine, "id"),
                "enabled": true, "policy_in": "DROP", "policy_out": "ACCEPT", "dhcp": true,
                "rules": .list(rules(of: service)),
            ],
            origins: ["rules": "ingress"])
    }

    /// An address that a name leads to is open to Cloudflare's proxies alone.
    private func rules(of service: ServiceSpec) -> [Value] {
        var ingress = service.ingress
        if service.exposure == .direct, let access = service.publicAccess {
            ingress.append(IngressRule(port: access.port, sources: CloudflareProxies.networks))
        }
        return ingress.flatMap(\.rules)
    }
}

extension IngressRule {
    /// One rule, its networks in an IP set when there are several. A whole family is no member of
    /// a set, and makes its other networks needless; both are everyone: a rule without a source.
    fileprivate var rules: [Value] {
        let everywhere = Set(sources.filter { $0.hasSuffix("/0") })
        let families = Set(everywhere.map(\.isIPv6))
        if families.count == 2 { return [accepted(from: [:])] }
        let others = sources.filter { !families.contains($0.isIPv6) }
        let rest: [String: Value] =
            others.count == 1
            ? ["source": .string(others[0])] : ["sources": .list(others.map { .string($0) })]
        return everywhere.sorted().map { accepted(from: ["source": .string($0)]) }
            + (others.isEmpty ? [] : [accepted(from: rest)])
    }

    private func accepted(from sources: [String: Value]) -> Value {
        let rule: [String: Value] = [
            "type": "in", "action": "ACCEPT", "proto": .string(transport.rawValue),
            "dport": .string(String(port)),
        ]
        return ResourceKind.canonicalRule(.object(rule.merging(sources) { $1 }))
    }
}

extension String {
    fileprivate var isIPv6: Bool { contains(":") }
}
