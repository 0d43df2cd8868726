package import Resources

/// What a machine is given to do at its first boot, with a place left for the registration token.
package struct Seed: Hashable, Sendable {
    package let service: ServiceSpec
    package let project: ProjectSpec

    package init(for service: ServiceSpec, in project: ProjectSpec) {
        self.service = service
        self.project = project
    }

    /// The name under which the machine's runner registers.
    package var runnerName: String { "launch-\(project.project)-\(service.name)" }

    /// The token that lets the machine register its runner.
    package var registrationToken: Ephemeral {
        Ephemeral("github.registration_token", service: service.name)
    }
}
