package import HTTP
package import Resources
package import Services

/// Where a Proxmox VE is, and how Launch proves who it is.
package struct ProxmoxConnection: Hashable, Sendable {
    /// `https://pve.lan:8006`, without a path; more than one are nodes of one cluster.
    let endpoints: [String]
    /// The first of them.
    let endpoint: String
    package let trust: TLSTrust
    let token: Secret
    /// Sent with every request, for a gateway in front of Proxmox.
    let extraHeaders: [HTTPHeader]
    /// `https://mirror.lan/images`: holds the publishers' files under their host names.
    let imageMirror: String?

    /// Reads `PROXMOX_VE_ENDPOINT`, `PROXMOX_VE_API_TOKEN`, `PROXMOX_VE_CA_BUNDLE`,
    /// `PROXMOX_VE_INSECURE`, `PROXMOX_VE_HEADERS` and `LAUNCH_IMAGE_MIRROR`; what `launch.yaml` says of endpoint and
    /// fingerprint comes first.
    package init(_ settings: ProxmoxSettings, environment: [String: String]) throws(ProviderError) {
        let named = [settings.endpoint].compactMap(\.self) + settings.endpoints
        let given =
            named.isEmpty
            ? (environment["PROXMOX_VE_ENDPOINT"] ?? "").split { ", \n".contains($0) }
                .map(String.init) : named
        guard let first = given.first else {
            throw Self.error(
                .invalid, "no endpoint is set",
                "Set `targets.proxmox.endpoint` in launch.yaml, or PROXMOX_VE_ENDPOINT.")
        }
        var endpoints: [String] = []
        for text in given {
            guard let endpoint = Self.origin(of: text) else {
                throw Self.error(
                    .invalid, "\"\(text)\" is not an endpoint",
                    "Write it like https://pve.lan:8006.")
            }
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        self.endpoints = endpoints
        endpoint = endpoints.first ?? first
        token = try Self.token(environment["PROXMOX_VE_API_TOKEN"] ?? "")
        extraHeaders = try Self.headers(environment["PROXMOX_VE_HEADERS"] ?? "")
        imageMirror = environment["LAUNCH_IMAGE_MIRROR"].flatMap { $0.isEmpty ? nil : $0 }
        trust = Self.trust(settings.fingerprint, environment)
    }

    /// A pinned certificate is judged by its fingerprint, and authorities that are named by
    /// theirs, also where any would be accepted.
    private static func trust(_ fingerprint: String?, _ environment: [String: String]) -> TLSTrust {
        if let fingerprint { return .fingerprint(fingerprint) }
        if let path = environment["PROXMOX_VE_CA_BUNDLE"], !path.isEmpty {
            return .authorities(path: path)
        }
        let insecure = environment["PROXMOX_VE_INSECURE"]?.lowercased() ?? ""
        return ["1", "true", "yes", "on"].contains(insecure) ? .anything : .system
    }

    /// Cuts off a trailing slash and the API's path, which people tend to copy along.
    private static func origin(of text: String) -> String? {
        var text = text
        for suffix in ["/", "/api2/json", "/"] where text.hasSuffix(suffix) {
            text.removeLast(suffix.count)
        }
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
        guard let scheme, text.count > scheme.count,
            !text.dropFirst(scheme.count).contains(where: { " /?#@".contains($0) })
        else { return nil }
        return text
    }

    private static func token(_ text: String) throws(ProviderError) -> Secret {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].contains("@"), parts[0].contains("!") else {
            throw error(
                .unauthorized,
                text.isEmpty ? "no API token is set" : "PROXMOX_VE_API_TOKEN is not an API token",
                nil)
        }
        return Secret(text)
    }

    /// Lines `Name: value`, or the same separated by commas.
    private static func headers(_ text: String) throws(ProviderError) -> [HTTPHeader] {
        let separator: Character = text.contains("\n") ? "\n" : ","
        var headers: [HTTPHeader] = []
        for line in text.split(separator: separator) where line.contains(where: { $0 != " " }) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else {
                throw error(
                    .invalid, "PROXMOX_VE_HEADERS holds something that is not a header",
                    "Write PROXMOX_VE_HEADERS as `Name: value`, one a line or comma separated.")
            }
            headers.append(
                HTTPHeader(trimmed(parts[0]), trimmed(parts[1]), isSensitive: true))
        }
        return headers
    }

    private static func error(
        _ reason: ProviderError.Reason, _ detail: String, _ remedy: String?
    ) -> ProviderError {
        ProviderError(
            reason, provider: .proxmox, action: "connect to Proxmox VE", detail: detail,
            remedy: remedy)
    }

    /// `user@realm!token`, as it stands in the names of tasks.
    var tokenName: String { String(token.revealed.prefix { $0 != "=" }) }

    /// The server decodes percent signs in the token, so a literal one is encoded.
    var authorisation: HTTPHeader {
        let value = token.revealed.split(separator: "%", omittingEmptySubsequences: false)
        return HTTPHeader(
            "Authorization", "PVEAPIToken=" + value.joined(separator: "%25"), isSensitive: true)
    }
}

/// Without blanks and line ends around it.
func trimmed(_ text: some StringProtocol) -> String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
    let tail = text.drop(while: isBlank)
    return String(String(tail.reversed().drop(while: isBlank)).reversed())
}
