package import Resources

/// What a machine is given to do at its first boot, with a place left for the registration token.
///
/// Every form of it writes the same files: the runner's settings, Docker's configuration and key,
/// the firewall's rules, the limits of logs, the bootstrap script and the units that run it. The
/// script does the rest.
package struct Seed: Hashable, Sendable {
    package let service: ServiceSpec
    package let project: ProjectSpec
    package let runner: RunnerRelease

    package init(
        for service: ServiceSpec, in project: ProjectSpec, runner: RunnerRelease = .pinned
    ) {
        self.service = service
        self.project = project
        self.runner = runner
    }

    /// The name under which the machine's runner registers.
    package var runnerName: String { "launch-\(project.project)-\(service.name)" }

    /// The token that lets the machine register its runner.
    package var registrationToken: Ephemeral {
        Ephemeral("github.registration_token", service: service.name)
    }

    /// Cloud-init user data, for an EC2 instance or a Proxmox VM.
    package var userData: Value { template(cloudConfig) }

    /// The script that a Proxmox container runs before its init, for want of cloud-init.
    package var containerScript: Value { template(containerScript) }

    /// What the service's machine would get, with the token hidden.
    package var preview: String { text(token: "(secret)") }

    /// The seed in the form that the service's machine takes.
    private func text(token: String) -> String {
        runsInContainer ? containerScript(token: token) : cloudConfig(token: token)
    }

    var runsInContainer: Bool { service.target == .proxmox && service.guest == .lxc }

    /// Cuts the text open where the token goes.
    private func template(_ render: (_ token: String) -> String) -> Value {
        let mark = "((registration-token))"
        var segments: [Segment] = []
        for (index, text) in render(mark).split(separator: mark).enumerated() {
            if index > 0 { segments.append(.ephemeral(registrationToken)) }
            segments.append(.text(String(text)))
        }
        return .template(segments)
    }
}
