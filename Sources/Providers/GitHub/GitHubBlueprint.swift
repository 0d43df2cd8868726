package import Resources
package import Services

/// The runner that deploys a service, and the secrets that its jobs need: for the service's tunnel
/// or certificate, and for registering again. None when the project has no repository.
package struct GitHubBlueprint: Blueprint {
    package init() {}

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] {
        guard project.repository != nil else { return [] }
        return [runner(of: service, in: project)]
            + [secret(for: service, in: project), runnerToken(of: service, in: project)]
            .compactMap(\.self)
    }

    private func runner(of service: ServiceSpec, in project: ProjectSpec) -> Resource {
        Resource(
            service.runner,
            attributes: [
                "name": .string(Seed(for: service, in: project).runnerName),
                "labels": [.string(service.name), .string(service.environment)],
                "online": true,
                "ephemeral": .boolean(service.runnerLife == .ephemeral),
                "machine": .reference(service.machine, "id"),
            ],
            origins: ["labels": "environment", "machine": "target", "ephemeral": "runner"])
    }

    private func secret(for service: ServiceSpec, in project: ProjectSpec) -> Resource? {
        guard service.publicAccess != nil else { return nil }
        if service.exposure == .tunnel {
            return secret(
                .tunnelToken, for: service, in: project, of: "tunnel",
                value: { Ephemeral("cloudflare.tunnel_token", service: service.name, of: $0) })
        }
        guard service.wantsOriginCertificate else { return nil }
        return secret(
            .originCertificate, for: service, in: project, of: "origin_certificate",
            value: {
                Ephemeral(
                    "cloudflare.origin_certificate", service: service.name, of: $0, isKey: true)
            })
    }

    private func secret(
        _ secret: ServiceSecret, for service: ServiceSpec, in project: ProjectSpec,
        of kind: String, value: (Address) -> Ephemeral
    ) -> Resource {
        let source = Address(service: service.name, kind: KindName(.cloudflare, kind))
        let name = secret.name(project: project.project, service: service.name)
        return Resource(
            secret.address(in: service.name),
            attributes: [
                "name": .string(name), "source": .reference(source, "id"), "intact": true,
                "value": .template([.ephemeral(value(source))]),
            ],
            origins: ["source": "public"])
    }

    /// In the service's environment: GitHub reads such a secret when a job begins that is in the
    /// environment, and a repository's when the run is queued, before the token is made.
    ///
    /// <https://docs.github.com/en/actions/reference/security/secrets>
    private func runnerToken(of service: ServiceSpec, in project: ProjectSpec) -> Resource? {
        guard service.runnerLife == .ephemeral else { return nil }
        let secret = ServiceSecret.runnerToken
        let token = Seed(for: service, in: project).registrationToken
        return Resource(
            secret.address(in: service.name),
            attributes: [
                "name": .string(secret.name(project: project.project, service: service.name)),
                "environment": .string(service.environment), "intact": true,
                "value": .template([.ephemeral(token)]),
            ])
    }
}
