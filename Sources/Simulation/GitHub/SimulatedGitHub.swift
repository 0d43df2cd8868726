package import HTTP
import Resources

import Foundation

/// GitHub's REST API with a few repositories, their self-hosted runners and workflow runs.
package final class SimulatedGitHub: SimulatedVendor {
    package let token: String
    /// May read the repositories and administer none.
    package let readOnlyToken: String
    /// Those that anybody may see, as `owner/name`.
    package var publicRepositories: Set<String> = []
    /// Requests answered in this hour, besides those of this world.
    package var requestsElsewhere = 0
    private unowned let core: WorldCore
    /// By lower-case `owner/name`.
    private var repositories: [String: Contents] = [:]
    /// An App that may act for Launch.
    package var app: SimulatedApp?
    private let start: Date
    private var requestCount = 0

    /// What there is in one repository.
    private struct Contents {
        let runners: SimulatedRunners
        let secrets: SimulatedSecrets
        let environments: SimulatedEnvironments
        let actions: SimulatedActions
        let issues: SimulatedIssues

        init(_ core: WorldCore, named name: String) {
            runners = SimulatedRunners(core)
            secrets = SimulatedSecrets(core)
            environments = SimulatedEnvironments(core, runners: runners)
            actions = SimulatedActions(
                core, repository: name, runners: runners, secrets: secrets,
                environments: environments)
            issues = SimulatedIssues(core)
        }
    }

    init(_ core: WorldCore) {
        self.core = core
        start = core.now
        token = "github_pat_" + core.random.hexadecimal(40)
        readOnlyToken = token + "_read"
        for repository in core.configuration.repositories {
            repositories[repository.lowercased()] = Contents(core, named: repository)
        }
    }

    package var environment: [String: String] {
        var environment = [
            "GITHUB_TOKEN": token,
            "GITHUB_REPOSITORY": core.configuration.repositories.first ?? "",
        ]
        environment["GITHUB_API_URL"] = core.configuration.enterpriseServer.map {
            "https://\($0)\(GitHubSite.enterprisePath)"
        }
        return environment
    }

    package var inventory: [String: Int] {
        [
            "github runner": repositories.values.reduce(0) { $0 + $1.runners.count },
            "github secret": repositories.values.reduce(0) {
                $0 + $1.secrets.count + $1.environments.count
            },
        ]
    }

    /// The runners of `owner/name`; `nil` when there is no such repository.
    package func runners(of repository: String) -> SimulatedRunners? {
        repositories[repository.lowercased()]?.runners
    }

    /// The Actions secrets of `owner/name`; `nil` when there is no such repository.
    package func secrets(of repository: String) -> SimulatedSecrets? {
        repositories[repository.lowercased()]?.secrets
    }

    /// The secrets of an environment of `owner/name`; `nil` when there is no such repository.
    package func secrets(of repository: String, in environment: String) -> SimulatedSecrets? {
        environments(of: repository)?.secrets(of: environment)
    }

    func environments(of repository: String) -> SimulatedEnvironments? {
        repositories[repository.lowercased()]?.environments
    }

    /// Changes the workflow runs of `owner/name`.
    package func changeRuns(of repository: String, _ change: (inout SimulatedRuns) -> Void) {
        if let actions = actions(of: repository) { change(&actions.runs) }
    }

    /// The workflows of `owner/name`; `nil` when there is no such repository.
    package func actions(of repository: String) -> SimulatedActions? {
        repositories[repository.lowercased()]?.actions
    }

    /// The issues of `owner/name`; `nil` when there is no such repository.
    package func issues(of repository: String) -> SimulatedIssues? {
        repositories[repository.lowercased()]?.issues
    }

    package func serves(_ request: SimulatedRequest) -> Bool {
        request.host == core.configuration.enterpriseServer ?? "api.github.com"
    }

    package func answer(_ request: SimulatedRequest, fault: VendorFault?) -> HTTPResponse {
        if request.segments.first == "_logs" { return log(request) }
        requestCount += 1
        do {
            try check(request, fault)
            let segments = try apiSegments(of: request)
            let asApp = try app?.answer(
                request, segments, at: site(of: request), Self.token(request) ?? "", core.random,
                now: core.now)
            if let asApp { return withHeaders(asApp) }
            try checkToken(request)
            return withHeaders(try route(request, segments))
        } catch let refusal as GitHubRefusal {
            return withHeaders(refusal.response)
        } catch {
            return withHeaders(GitHubRefusal(500, "\(error)").response)
        }
    }

    private func check(_ request: SimulatedRequest, _ fault: VendorFault?) throws {
        if request.header("User-Agent") ?? "" == "" {
            throw GitHubRefusal(
                403,
                "Request forbidden by administrative rules. Please make sure your request "
                    + "has a User-Agent header.")
        }
        if fault == .throttled {
            throw GitHubRefusal(
                429, "You have exceeded a secondary rate limit.",
                headers: [HTTPHeader("Retry-After", "5")])
        }
        guard request.header("Authorization") != nil else {
            throw GitHubRefusal(401, "Requires authentication")
        }
        let versions = ["2022-11-28", "2026-03-10"]
        if let version = request.header("X-GitHub-Api-Version"), !versions.contains(version) {
            throw GitHubRefusal(400, "\(version) is not a supported version of the API.")
        }
    }

    private func checkToken(_ request: SimulatedRequest) throws {
        let given = Self.token(request) ?? ""
        guard [token, readOnlyToken].contains(given) || app?.accepts(given, at: core.now) ?? false
        else { throw GitHubRefusal(401, "Bad credentials") }
    }

    private static func token(_ request: SimulatedRequest) -> String? {
        let words = (request.header("Authorization") ?? "").split(separator: " ").map(String.init)
        return words.count == 2 && ["Bearer", "token"].contains(words[0]) ? words[1] : nil
    }

    /// True for a server of one's own.
    var isEnterprise: Bool { core.configuration.enterpriseServer != nil }

    private func site(of request: SimulatedRequest) -> GitHubSite {
        GitHubSite(request, isEnterprise: isEnterprise)
    }

    /// The path's parts below where the API begins.
    private func apiSegments(of request: SimulatedRequest) throws -> [String] {
        guard isEnterprise else { return request.segments }
        guard request.path.hasPrefix(GitHubSite.enterprisePath + "/") else {
            throw GitHubRefusal.notFound
        }
        return Array(request.segments.dropFirst(2))
    }

    private func route(
        _ request: SimulatedRequest, _ segments: [String]
    ) throws -> HTTPResponse {
        if segments == ["rate_limit"], request.method == "GET" { return .document(rateLimit) }
        if segments.count >= 3, segments[0] == "repositories", segments[2] == "environments" {
            return try environments(request, Int(segments[1]), Array(segments.dropFirst(3)))
        }
        guard segments.count >= 3, segments[0] == "repos" else { throw GitHubRefusal.notFound }
        let name = "\(segments[1])/\(segments[2])"
        guard let runners = runners(of: name) else { throw GitHubRefusal.notFound }
        let repository = RepositoryDocument(
            id: number(of: name), owner: segments[1], name: segments[2],
            isPublic: publicRepositories.contains(name),
            isAdministrator: isAdministrator(request, of: name), created: start,
            site: site(of: request))
        if segments.count == 3, request.method == "GET" { return .document(repository.value) }
        if segments.dropFirst(3).first == "issues", let issues = issues(of: name) {
            if request.method != "GET" { try checkAdministrator(request, of: name) }
            return try issues.answer(request, Array(segments.dropFirst(4)), of: repository)
        }
        if segments.count >= 5, segments[3] == "actions",
            let answer = try actions(of: name)?.answer(
                request, Array(segments.dropFirst(4)), of: repository)
        {
            return answer
        }
        guard segments.count >= 5, segments[3] == "actions",
            ["runners", "secrets"].contains(segments[4])
        else { throw GitHubRefusal.notFound }
        try checkAdministrator(request, of: name)
        let rest = Array(segments.dropFirst(5))
        guard segments[4] == "secrets", let secrets = secrets(of: name) else {
            return try runners.answer(request, rest)
        }
        return try secrets.answer(request, rest)
    }

    private static let firstNumber = 1_296_269

    /// By name, in order of the alphabet.
    private func number(of repository: String) -> Int {
        Self.firstNumber
            + (repositories.keys.sorted().firstIndex(of: repository.lowercased()) ?? 0)
    }

    private func environments(
        _ request: SimulatedRequest, _ number: Int?, _ segments: [String]
    ) throws -> HTTPResponse {
        guard let found = repositories.first(where: { self.number(of: $0.key) == number }) else {
            throw GitHubRefusal.notFound
        }
        try checkAdministrator(request, of: found.key)
        return try found.value.environments.answer(request, segments)
    }

    /// What is stored elsewhere, and shown to whoever knows its address: credentials of GitHub's
    /// are refused there.
    private func log(_ request: SimulatedRequest) -> HTTPResponse {
        let segments = request.segments
        guard request.header("Authorization") == nil else { return HTTPResponse(status: 401) }
        guard segments.count == 4, let id = Int(segments[3]),
            let text = actions(of: "\(segments[1])/\(segments[2])")?.jobs.log(of: id)
        else { return HTTPResponse(status: 404) }
        return HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")],
            body: Array(text.utf8))
    }

    /// `push` has the named services deployed.
    func perform(_ action: String, _ arguments: [String: Value]) -> Bool {
        guard let actions = actions(of: core.configuration.repositories.first ?? "") else {
            return false
        }
        let services = arguments["services"]?.list?.compactMap(\.string) ?? []
        switch action {
        case "push":
            actions.deploy(
                services, environment: arguments["environment"]?.string ?? "production",
                event: "push")
        case "open_issue":
            guard let title = arguments["title"]?.string else { return false }
            issues(of: core.configuration.repositories.first ?? "")?.open(title)
        case "break_deploys": actions.jobs.failing.formUnion(services)
        case "mend_deploys": actions.jobs.failing.subtract(services)
        default: return false
        }
        return true
    }

    private func isAdministrator(_ request: SimulatedRequest, of repository: String) -> Bool {
        let given = Self.token(request) ?? ""
        return given == token || app?.mayAdminister(repository, with: given) ?? false
    }

    private func checkAdministrator(
        _ request: SimulatedRequest, of repository: String
    ) throws {
        guard isAdministrator(request, of: repository) else {
            throw GitHubRefusal(403, "Resource not accessible by personal access token")
        }
    }

    private static let hourlyLimit = 5000

    private var remaining: Int { max(1, Self.hourlyLimit - requestCount - requestsElsewhere) }

    private var reset: Int { Int(core.now.timeIntervalSince1970) + 3600 }

    private var rateLimit: Value {
        let core: Value = [
            "limit": .integer(Self.hourlyLimit), "remaining": .integer(remaining),
            "used": .integer(Self.hourlyLimit - remaining), "reset": .integer(reset),
        ]
        let search: Value = ["limit": 30, "remaining": 30, "used": 0, "reset": .integer(reset)]
        return ["resources": ["core": core, "search": search], "rate": core]
    }

    /// What every answer bears of the primary rate limit.
    private func withHeaders(_ response: HTTPResponse) -> HTTPResponse {
        let limits = [
            ("x-ratelimit-limit", Self.hourlyLimit), ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-used", Self.hourlyLimit - remaining), ("x-ratelimit-reset", reset),
        ]
        return HTTPResponse(
            status: response.status, reason: response.reason,
            headers: response.headers + limits.map { HTTPHeader($0, String($1)) }
                + [HTTPHeader("x-ratelimit-resource", "core")],
            body: response.body)
    }
}
