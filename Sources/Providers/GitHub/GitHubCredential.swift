import Resources

/// With what GitHub is asked.
enum GitHubCredential: Sendable {
    case none
    /// A personal access token, or the one of a workflow.
    case token(Secret)
    case app(AppInstallation)

    /// An App's identity goes before a token: in a workflow the token is always there, and may not
    /// register runners.
    ///
    /// - Parameters:
    ///   - environment: `LAUNCH_GITHUB_APP_ID` and `LAUNCH_GITHUB_APP_KEY`, or `GITHUB_TOKEN`.
    ///   - app: makes the App's installation from its identity.
    init(
        environment: [String: String], app: (AppIdentity) -> AppInstallation
    ) {
        let setting = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let id = setting(AppIdentity.idVariable), let key = setting(AppIdentity.keyVariable) {
            self = .app(app(AppIdentity(id: id, key: Secret(key))))
        } else {
            self = setting("GITHUB_TOKEN").map { .token(Secret($0)) } ?? .none
        }
    }
}
