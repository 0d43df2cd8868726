/// Where guests register their runners: GitHub's side of `config.sh` and of the listener.
package protocol RunnerRegistry: AnyObject {
    /// Registers a runner; one of the same name is replaced, with its labels.
    ///
    /// - Parameters:
    ///   - url: The repository's or organisation's page.
    ///   - version: The runner's own; `nil` is the newest.
    ///   - isEphemeral: Whether it takes one job and is gone.
    /// - Returns: False when the token is wrong or expired, or the version too old.
    func register(
        url: String, token: String, name: String, labels: [String], version: String?,
        isEphemeral: Bool
    ) -> Bool

    /// The runner's listener has started or ended. A runner that was removed stays removed.
    ///
    /// - Parameter repository: `owner/name`, or the organisation.
    func setOnline(name: String, repository: String, online: Bool)
}

extension RunnerRegistry {
    /// Registers a runner that stays.
    package func register(
        url: String, token: String, name: String, labels: [String], version: String?
    ) -> Bool {
        register(
            url: url, token: token, name: name, labels: labels, version: version,
            isEphemeral: false)
    }
}
