package import Resources
package import Services

/// What a public service needs at Cloudflare: a name, and the tunnel behind it or a certificate.
package struct CloudflareBlueprint: Blueprint {
    package init() {}

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard let access = service.publicAccess else { return [] }
        switch service.exposure {
        case .tunnel:
            let tunnel = tunnel(to: access, of: service, in: project)
            let target = Value.template([
                .reference(Reference(tunnel.address, "id")), .text(".cfargotunnel.com"),
            ])
            return [tunnel, record("CNAME", target, for: access, of: service, in: project)]
        case .direct:
            let target: Value =
                switch service.target {
                case .aws:
                    .reference(
                        Address(service: service.name, kind: KindName(.aws, "elastic_ip")),
                        "public_ipv4")
                case .proxmox: .reference(service.machine, "ipv4")
                }
            let main = record("A", target, for: access, of: service, in: project)
            let certificate = certificate(for: access, of: service, in: project)
            guard service.target == .aws else { return certificate + [main] }
            let address = Reference(service.machine, "public_ipv6")
            return certificate + [
                main,
                record(
                    "AAAA", .template([.reference(address)]), for: access, of: service,
                    in: project, after: main.address, onlyWith: address),
            ]
        }
    }

    private func tunnel(
        to access: PublicAccess, of service: ServiceSpec, in project: ProjectSpec
    ) -> Resource {
        Resource(
            Address(service: service.name, kind: Tunnels.kind),
            attributes: [
                "name": .string(Tunnels.name(project: project.project, service: service.name)),
                "ingress": [
                    [
                        "hostname": .string(canonicalHostname(access.hostname)),
                        "service": .string("http://localhost:\(access.port)"),
                    ],
                    ["service": "http_status:404"],
                ],
            ],
            origins: ["ingress": "public"])
    }

    /// None where nobody could hand the key over: that is a deploy job's.
    private func certificate(
        for access: PublicAccess, of service: ServiceSpec, in project: ProjectSpec
    ) -> [Resource] {
        guard service.wantsOriginCertificate, project.repository != nil else { return [] }
        return [
            Resource(
                Address(service: service.name, kind: OriginCertificates.kind),
                attributes: [
                    "hostnames": [.string(canonicalHostname(access.hostname))], "current": true,
                ],
                origins: ["hostnames": "public"])
        ]
    }

    private func record(
        _ type: String, _ content: Value, for access: PublicAccess, of service: ServiceSpec,
        in project: ProjectSpec, after other: Address? = nil, onlyWith condition: Reference? = nil
    ) -> Resource {
        let hostname = canonicalHostname(access.hostname)
        return Resource(
            Address(
                service: service.name, kind: DNSRecords.kind,
                key: DNSRecords.key(hostname, type: type)),
            attributes: [
                "type": .string(type), "content": content, "proxied": true, "ttl": 1,
                "comment": .string(DNSRecords.mark(of: service.name, in: project.project)),
            ],
            // Its address alone may be there before the machine is.
            dependencies: Set(
                [service.exposure == .direct ? service.machine : nil, other].compactMap(\.self)),
            condition: condition,
            origins: ["type": "expose", "content": "public", "proxied": "public"])
    }
}
