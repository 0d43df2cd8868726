import HTTP

/// Where the API and the pages of a GitHub are: github.com's, or those of an Enterprise server,
/// whose API lies at `/api/v3`.
struct GitHubSite {
    static let enterprisePath = "/api/v3"

    let api: String
    let pages: String

    /// - Parameters:
    ///   - request: one that came to it: its links lead to where that came from.
    ///   - isEnterprise: whether it is a server of one's own.
    init(_ request: SimulatedRequest, isEnterprise: Bool) {
        api = request.origin + (isEnterprise ? Self.enterprisePath : "")
        pages = isEnterprise ? request.origin : "https://github.com"
    }
}
