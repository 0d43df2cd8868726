package import Resources
package import Services

/// The runner that deploys a service; none when the project has no repository.
package struct GitHubBlueprint: Blueprint {
    package init() {}

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard project.repository != nil else { return [] }
        return [
            Resource(
                service.runner,
                attributes: [
                    "name": .string(Seed(for: service, in: project).runnerName),
                    "labels": [.string(service.name), .string(service.environment)],
                    "online": true, "machine": .reference(service.machine, "id"),
                ],
                origins: ["labels": "environment", "machine": "target"])
        ]
    }
}
