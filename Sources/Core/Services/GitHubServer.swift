/// Where people and runners find a GitHub, told by where its API is.
package enum GitHubServer {
    package static let publicPages = "https://github.com"

    /// A server of one's own has its API at `/api/v3`, a tenant of ghe.com at
    /// `api.<tenant>.ghe.com`; of an address of another form nothing is known.
    ///
    /// <https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api>
    ///
    /// - Parameter api: `GITHUB_API_URL`; `nil` and empty text are github.com's.
    /// - Returns: an address without a slash at its end.
    package static func pages(ofAPI api: String?) -> String {
        let base = (api ?? "").hasSuffix("/") ? String((api ?? "").dropLast()) : api ?? ""
        if base.hasSuffix("/api/v3") { return String(base.dropLast("/api/v3".count)) }
        let apiHost = "https://api."
        return base.hasPrefix(apiHost) ? "https://" + base.dropFirst(apiHost.count) : publicPages
    }
}
