/// The secret of the repository's Actions that holds the token of a service's tunnel: the deploy
/// job hands it to the connector on the service's machine.
package enum TunnelToken {
    private static let suffix = "_TUNNEL_TOKEN"

    /// `LAUNCH_<PROJECT>_<SERVICE>_TUNNEL_TOKEN`; GitHub's names know no hyphen.
    package static func secretName(project: String, service: String) -> String {
        prefix(project) + constant(service) + suffix
    }

    /// The service whose secret bears that name; `nil` when it is none of the project's.
    package static func service(ofSecret name: String, project: String) -> String? {
        let prefix = prefix(project)
        guard name.hasPrefix(prefix), name.hasSuffix(suffix),
            name.count > prefix.count + suffix.count
        else { return nil }
        return name.dropFirst(prefix.count).dropLast(suffix.count).lowercased()
            .replacing("_", with: "-")
    }

    private static func prefix(_ project: String) -> String { "LAUNCH_\(constant(project))_" }

    private static func constant(_ name: String) -> String {
        name.uppercased().replacing("-", with: "_")
    }
}
