package import Resources

/// What a machine is given to do at its first boot, with places left for what is known only when
/// the machine is made: the registration token, and where to get the runner.
///
/// Every form of it writes the same files: the runner's settings, Docker's configuration and key,
/// the firewall's rules, the limits of logs, the bootstrap script and the units that run it. The
/// script does the rest.
package struct Seed: Hashable, Sendable {
    package let service: ServiceSpec
    package let project: ProjectSpec

    package init(for service: ServiceSpec, in project: ProjectSpec) {
        self.service = service
        self.project = project
    }

    /// The name under which the machine's runner registers.
    package var runnerName: String { "launch-\(project.project)-\(service.name)" }

    /// Where the runner is. Each way of life has a folder of its own: so the seed of the other
    /// finds no runner there, and makes one.
    var runnerFolder: String {
        service.runnerLife == .ephemeral ? Self.ephemeralFolder : "/opt/actions-runner"
    }

    /// The token that lets the machine register its runner.
    package var registrationToken: Ephemeral {
        Ephemeral("github.registration_token", service: service.name)
    }

    /// The newest runner: for each processor its name, the archive's SHA-256 and its address.
    package var runnerArchives: Ephemeral {
        Ephemeral("github.runner_archives", service: service.name, isSecret: false)
    }

    /// What the state keeps of a seed, as attributes of its machine. A newer runner changes
    /// nothing: the machine's own updates itself.
    package var information: [String: Value] {
        let names = [
            "runner_version": "github.runner_version",
            Self.expiryAttribute: "github.registration_token_expiry",
        ]
        return names.mapValues { name in
            .template([.ephemeral(Ephemeral(name, service: service.name, isSecret: false))])
        }
    }

    /// A machine's attribute: when the registration token that it was given ends.
    package static let expiryAttribute = "registration_expires_at"

    /// How long GitHub's registration tokens live, in seconds.
    package static let tokenLifetime = 3600.0

    /// Cloud-init user data, for an EC2 instance or a Proxmox VM.
    package var userData: Value { template(cloudConfig) }

    /// The script that a Proxmox container runs before its init, for want of cloud-init.
    package var containerScript: Value { template(containerScript) }

    /// What the service's machine would get, with the token hidden.
    package var preview: String {
        let values = BootValues(token: "(secret)", archives: "(\(runnerArchives))")
        return runsInContainer ? containerScript(values) : cloudConfig(values)
    }

    var runsInContainer: Bool { service.target == .proxmox && service.guest == .lxc }

    /// Cuts the text open where values go.
    private func template(_ render: (BootValues) -> String) -> Value {
        let marks = BootValues(token: "((registration-token))", archives: "((runner-archives))")
        let places = [(marks.token, registrationToken), (marks.archives, runnerArchives)]
        let whole = [Segment.text(render(marks))]
        return .template(
            places.reduce(whole) { segments, place in
                segments.flatMap { $0.cut(at: place.0, for: place.1) }
            })
    }
}

/// What a seed is filled in with.
struct BootValues {
    let token: String
    let archives: String
}

extension Segment {
    fileprivate func cut(at mark: String, for ephemeral: Ephemeral) -> [Segment] {
        guard case .text(let text) = self else { return [self] }
        return text.parted(by: mark).enumerated().flatMap { index, piece in
            (index > 0 ? [Segment.ephemeral(ephemeral)] : []) + [.text(piece)]
        }
    }
}

extension String {
    /// The pieces around a mark. Byte by byte: searches that know characters take fifty times as
    /// long, for every machine of every plan.
    fileprivate func parted(by mark: String) -> [String] {
        let (bytes, mark) = (Array(utf8), Array(mark.utf8))
        var (pieces, start, position) = ([String](), 0, 0)
        while let next = bytes[position...].firstIndex(of: mark[0]) {
            guard bytes[next...].starts(with: mark) else {
                position = next + 1
                continue
            }
            pieces.append(String(decoding: bytes[start..<next], as: UTF8.self))
            position = next + mark.count
            start = position
        }
        return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
    }
}
