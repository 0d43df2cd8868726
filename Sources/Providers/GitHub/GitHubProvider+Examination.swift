import HTTP
package import Resources
import Services

extension GitHubProvider: SelfExamining {
    private static let subject = "GitHub repository"
    private static let environments = "GitHub environments"

    /// Looks at the repository, at its runners and at what is left of the rate limit.
    package func examine(for desired: [Resource]) async -> [Finding] {
        guard let runners else {
            return [
                .bad(
                    Self.subject, "no repository is set",
                    remedy: "Set `repository: owner/name` in launch.yaml.")
            ]
        }
        let repository = await look(Self.subject, "reach the repository", in: runners) {
            try await examineRepository(runners)
        }
        guard repository.allSatisfy({ $0.grade != .bad }) else { return repository }
        let access = await look("GitHub token", "list the runners", in: runners) {
            try await examineAccess(runners, for: desired)
        }
        let limit = await look("GitHub rate limit", "ask for the rate limit", in: runners) {
            try await examineLimit(runners.api)
        }
        let environments = await look(Self.environments, "look at environments", in: runners) {
            try await examineEnvironments(for: desired)
        }
        return repository + access + environments + limit
    }

    private func look(
        _ subject: String, _ action: String, in runners: Runners,
        _ look: () async throws -> [Finding]
    ) async -> [Finding] {
        await Finding.of(subject) {
            try await Purpose(action: action, address: nil, repository: runners.repository).run(
                look)
        }
    }

    /// On a public repository anybody's pull request can run code on the machines.
    private func examineRepository(_ runners: Runners) async throws -> [Finding] {
        let name = runners.repository
        let document = try await runners.api.send(.get, "/repos/\(name)")
        guard document["private"]?.boolean == false else {
            return [.good(Self.subject, "\(name) is reachable and not public")]
        }
        return [
            .warning(
                Self.subject,
                "\(name) is public: a pull request from a fork could run code on the machines",
                remedy: "Make it private, or require approval for all outside contributors under "
                    + "Settings › Actions › General.")
        ]
    }

    /// The list is refused to whoever may not administer the repository.
    private func examineAccess(
        _ runners: Runners, for desired: [Resource]
    ) async throws -> [Finding] {
        let names = Set(
            desired.filter { $0.address == $0.address.runner }.compactMap { $0["name"]?.string })
        let ours = try await runners.api.list(runners.path, in: "runners")
            .compactMap(Runner.init).filter { names.contains($0.name) }
        let versions = Set(ours.compactMap { $0.version.flatMap(RunnerVersion.init) })
        let complaints = try await versions.sorted().concurrentMap { version in
            try await deprecation(of: version, in: runners).map { words in
                let names = ours.filter { $0.version == version.description }.map(\.name)
                return Finding.warning(
                    "GitHub runners",
                    "\(names.sorted().joined(separator: ", ")): version \(version), \(words)",
                    remedy: RunnerVersion.remedy)
            }
        }
        return [.good("GitHub token", "it may see the runners of \(runners.repository)")]
            + complaints.compactMap(\.self)
    }

    /// When a version gets no jobs any more; `nil` for one that may stay. A server that has no
    /// such list is taken at GitHub's general word.
    ///
    /// <https://docs.github.com/en/rest/actions/self-hosted-runners>
    private func deprecation(
        of version: RunnerVersion, in runners: Runners
    ) async throws -> String? {
        do {
            let answer = try await runners.api.send(
                .get, "\(runners.path)/deprecations/\(version)")
            guard let end = answer["runtime_deprecates_at"]?.string else { return nil }
            return "gets no jobs from \(end) on"
        } catch let failure as GitHubFailure where failure.isNotFound {
            return version < .oldest ? "is older than GitHub's \(RunnerVersion.oldest)" : nil
        }
    }

    /// Ephemeral runners get their tokens by the secrets of environments. GitHub tells one that is
    /// not there like one that may not be seen.
    private func examineEnvironments(for desired: [Resource]) async throws -> [Finding] {
        let names = Set(desired.compactMap { $0["environment"]?.string }).sorted()
        guard let secrets, !names.isEmpty else { return [] }
        let absent = try await names.concurrentMap { name in
            try await secrets.secrets(of: name, Scope(project: "")) == nil ? name : nil
        }.compactMap(\.self)
        guard !absent.isEmpty else {
            let list = names.joined(separator: ", ")
            return [.good(Self.environments, "the token may see the secrets of \(list)")]
        }
        return [
            .warning(
                Self.environments,
                "\(absent.joined(separator: ", ")) is not there, or the token may not see it",
                remedy: secrets.environmentRemedy)
        ]
    }

    /// Asking costs nothing; a server without limits has nothing to say.
    private func examineLimit(_ api: GitHubAPI) async throws -> [Finding] {
        let core: Value?
        do {
            core = try await api.send(.get, "/rate_limit")["resources"]?["core"]
        } catch let failure as GitHubFailure where failure.isNotFound {
            return []
        }
        guard let left = core?["remaining"]?.integer, let all = core?["limit"]?.integer else {
            return []
        }
        let words = "\(left) of \(all) requests are left this hour"
        guard left * 10 < all else { return [.good("GitHub rate limit", words)] }
        return [
            .warning(
                "GitHub rate limit", words,
                remedy: "Wait until the hour is over, or use a token that nothing else uses.")
        ]
    }
}
