package import Resources
package import Services

/// The runner that deploys a service, and the secret that it needs for the service's tunnel; none
/// when the project has no repository.
package struct GitHubBlueprint: Blueprint {
    package init() {}

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard project.repository != nil else { return [] }
        return [runner(of: service, in: project)]
            + (tunnelToken(of: service, in: project).map { [$0] } ?? [])
    }

    private func runner(of service: ServiceSpec, in project: ProjectSpec) -> Resource {
        Resource(
            service.runner,
            attributes: [
                "name": .string(Seed(for: service, in: project).runnerName),
                "labels": [.string(service.name), .string(service.environment)],
                "online": true, "machine": .reference(service.machine, "id"),
            ],
            origins: ["labels": "environment", "machine": "target"])
    }

    private func tunnelToken(of service: ServiceSpec, in project: ProjectSpec) -> Resource? {
        guard service.publicAccess != nil, service.exposure == .tunnel else { return nil }
        let tunnel = Address(service: service.name, kind: KindName(.cloudflare, "tunnel"))
        let name = ServiceSecret.tunnelToken.name(project: project.project, service: service.name)
        let token = Ephemeral("cloudflare.tunnel_token", service: service.name, of: tunnel)
        return Resource(
            ServiceSecret.tunnelToken.address(in: service.name),
            attributes: [
                "name": .string(name), "source": .reference(tunnel, "id"), "intact": true,
                "value": .template([.ephemeral(token)]),
            ],
            origins: ["source": "public"])
    }
}
