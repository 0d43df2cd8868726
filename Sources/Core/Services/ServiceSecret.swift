package import Resources

/// A secret of the repository's Actions that Launch keeps for a service: its deploy job hands it
/// to the service's machine.
package enum ServiceSecret: String, Sendable, CaseIterable {
    /// The token of the service's tunnel, for the connector on the machine.
    case tunnelToken = "TUNNEL_TOKEN"
    /// The key and the certificate that a service which is exposed directly proves itself with.
    case originCertificate = "ORIGIN_CERTIFICATE"
    /// The token with which an ephemeral runner registers after its next job. It is kept with the
    /// service's environment.
    case runnerToken = "RUNNER_TOKEN"

    /// `LAUNCH_<PROJECT>_<SERVICE>_TUNNEL_TOKEN`; GitHub's names know no hyphen.
    package func name(project: String, service: String) -> String {
        Self.prefix(project) + Self.constant(service) + suffix
    }

    /// The object that it is.
    package func address(in service: String) -> Address {
        Address(service: service, kind: KindName(.github, "secret"), key: key)
    }

    /// The object that bears that name; `nil` when it is none of the project's.
    package static func address(named name: String, project: String) -> Address? {
        let prefix = prefix(project)
        guard name.hasPrefix(prefix),
            let secret = allCases.first(where: { name.hasSuffix($0.suffix) }),
            name.count > prefix.count + secret.suffix.count
        else { return nil }
        let service = name.dropFirst(prefix.count).dropLast(secret.suffix.count)
        return secret.address(in: service.lowercased().replacing("_", with: "-"))
    }

    /// Tells a service's secrets apart.
    private var key: String? {
        switch self {
        case .tunnelToken: nil
        case .originCertificate: "origin-certificate"
        case .runnerToken: "runner-token"
        }
    }

    private var suffix: String { "_\(rawValue)" }

    private static func prefix(_ project: String) -> String { "LAUNCH_\(constant(project))_" }

    private static func constant(_ name: String) -> String {
        name.uppercased().replacing("-", with: "_")
    }
}
