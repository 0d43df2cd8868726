package import HTTP
package import Resources

/// Tells from GitHub whether the workflow run that holds a lease has ended.
///
/// <https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run>; the token needs
/// `Actions: read` on a private repository.
package struct RunStatus: DeathEvidence {
    package let interval = Duration.seconds(15)
    private let api: GitHubAPI
    /// The server whose pages the API knows.
    private let site: String

    /// - Parameter environment: `GITHUB_TOKEN`, `GITHUB_API_URL`.
    package init(
        environment: [String: String], client: any HTTPClient, time: any TimeSource,
        random: any RandomSource
    ) {
        // Whoever waits asks again soon.
        let once = RetryPolicy(attempts: 1, base: .zero, cap: .zero)
        let token = environment["GITHUB_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        api = GitHubAPI(
            environment: environment, credential: token.map { .token(Secret($0)) } ?? .none,
            client: client, time: time, random: random, policy: once)
        site = api.site
    }

    package func isDead(_ holder: LeaseHolder, seenFrom witness: LeaseHolder) async -> Bool {
        guard holder.runURL != witness.runURL,
            let run = holder.runURL.flatMap({ WorkflowRun(page: $0, on: site) }),
            let answer = try? await api.send(.get, run.path)
        else { return false }
        return run.hasEnded(by: answer)
    }
}

/// One attempt at a workflow run, as the address of its page names it:
/// `https://github.com/<owner>/<repository>/actions/runs/<id>[/attempts/<number>]`.
struct WorkflowRun: Hashable {
    let path: String
    private let id: Int
    private let attempt: Int?

    /// - Returns: `nil` for any other page.
    init?(page: String, on site: String) {
        guard page.hasPrefix(site + "/") else { return nil }
        let parts = page.dropFirst(site.count + 1).split(
            separator: "/", omittingEmptySubsequences: false
        ).map(String.init)
        guard parts.count == 5 || parts.count == 7, !parts[0].isEmpty, !parts[1].isEmpty,
            parts[2...3] == ["actions", "runs"], let id = Int(parts[4]), id > 0
        else { return nil }
        self.id = id
        if parts.count == 7 {
            guard parts[5] == "attempts", let number = Int(parts[6]) else { return nil }
            attempt = number
        } else {
            attempt = nil
        }
        path = "/repos/\(parts[0].percentEncoded)/\(parts[1].percentEncoded)/actions/runs/\(id)"
    }

    /// A later attempt begins only when the one before has ended.
    func hasEnded(by answer: Value) -> Bool {
        guard answer["id"]?.integer == id else { return false }
        if let attempt, let latest = answer["run_attempt"]?.integer, latest > attempt {
            return true
        }
        return answer["status"] == "completed"
    }
}
