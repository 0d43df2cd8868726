import HTTP

/// The environments of one repository, each with secrets of its own. One comes to be when it is
/// first spoken of.
final class SimulatedEnvironments {
    private unowned let core: WorldCore
    private let runners: SimulatedRunners
    private(set) var secrets: [String: SimulatedSecrets] = [:]
    /// The registration token that a secret holds, by environment and name: nobody opens what is
    /// sealed, so the newest one when it was written is taken to be in it.
    private var tokens: [[String]: String] = [:]

    init(_ core: WorldCore, runners: SimulatedRunners) {
        self.core = core
        self.runners = runners
    }

    var count: Int { secrets.values.reduce(0) { $0 + $1.count } }

    func secrets(of environment: String) -> SimulatedSecrets {
        if let known = secrets[environment] { return known }
        let new = SimulatedSecrets(core)
        secrets[environment] = new
        return new
    }

    /// The token that a job of the environment finds in a secret.
    func token(_ name: String, in environment: String) -> String? {
        secrets[environment]?.sealed(name).flatMap { _ in tokens[[environment, name]] }
    }

    /// - Parameter segments: the path after `/repositories/{repository_id}/environments`.
    func answer(_ request: SimulatedRequest, _ segments: [String]) throws -> HTTPResponse {
        guard segments.count >= 2, segments[1] == "secrets" else { throw GitHubRefusal.notFound }
        let environment = segments[0]
        let answer = try secrets(of: environment).answer(request, Array(segments.dropFirst(2)))
        if request.method == "PUT", segments.count == 3 {
            tokens[[environment, segments[2]]] = runners.newestToken
        }
        return answer
    }
}
