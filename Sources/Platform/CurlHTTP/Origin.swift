import HTTP

/// The scheme and the server of an absolute URL.
struct Origin: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// `host:port` as in the URL, without user and password.
    let server: String

    /// - Throws: `HTTPError` with `.badURL`.
    init(ofURL url: String) throws(HTTPError) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let scheme = parts.first?.lowercased() ?? ""
        guard parts.count == 2, scheme == "http" || scheme == "https" else {
            throw HTTPError(
                .badURL, origin: "no server", detail: "the URL is neither http nor https")
        }
        let authority = parts[1].prefix { !"/?#".contains($0) }
        let server = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !server.isEmpty, !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw HTTPError(
                .badURL, origin: "\(scheme)://", detail: "the URL is not well formed")
        }
        self.scheme = scheme
        self.server = String(server)
    }

    var text: String { "\(scheme)://\(server)" }
}
