package import Resources

extension GitHubProvider: Discovering {
    /// One list of the repository's runners: those that have the service's name for a runner and
    /// lack its label.
    package func lookalikes(of desired: [Resource]) async throws -> [Lookalike] {
        let wanted = desired.filter { $0.address.kind == Runners.kind }
        guard let runners, !wanted.isEmpty else { return [] }
        return try await runners.purpose("look for runners that may be adopted", nil).run {
            let all = try await runners.api.list(runners.path, in: "runners")
                .compactMap(Runner.init)
            return Stranger.lookalikes(
                among: all.map { Stranger(id: $0.identity, names: [$0.name]) }, of: wanted,
                exactly: true)
        }
    }
}
