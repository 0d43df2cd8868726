import HTTP
import Resources
import Services

import Foundation

/// The verbs for `github.runner`.
struct Runners: Sendable {
    let api: GitHubAPI
    /// `owner/name`.
    let repository: String
    let time: any TimeSource
    let progress: any ProgressSink
    /// How long a runner may take to come online.
    let patience: Duration
    /// How long a deletion waits for a running job.
    let jobPatience: Duration

    static let kind = KindName(.github, "runner")
    private static let pollInterval = Duration.seconds(5)
    /// How long an ephemeral runner may take from the end of a job to being online again.
    private static let pauseBetweenJobs = Duration.seconds(60)

    var path: String { "/repos/\(repository)/actions/runners" }

    /// The repository's runners that are ours: by their name with the service's label, or as they
    /// are recorded. Names alone could be read in two ways: `launch-a-b-c`; they are enough for a
    /// runner that is wanted and has lost all its labels.
    func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await purpose("list the runners", nil).run {
            let prefix = "launch-\(scope.project)-"
            let recorded = Dictionary(
                scope.recorded.filter { $0.address.kind == Self.kind }
                    .map { ($0.id, $0.address.service) }, uniquingKeysWith: { first, _ in first })
            return try await listed(awaiting: scope)
                .compactMap { runner in
                    let service =
                        recorded[runner.identity] ?? Self.service(of: runner, prefix)
                        ?? Self.unlabelled(runner, prefix, scope)
                    guard let service, scope.includes(service) else { return nil }
                    return runner.observed(for: service)
                }
        }
    }

    /// The repository's runners. Between two jobs an ephemeral one is not among them for some
    /// seconds: one that is recorded and wanted is looked for again before it is held to be gone.
    private func listed(awaiting scope: Scope) async throws -> [Runner] {
        let awaited = scope.recorded.filter {
            $0.address.kind == Self.kind && $0.attributes["ephemeral"] == true
                && scope.includes($0.address.service) && scope.expected.contains($0.address)
        }
        let start = time.now()
        while true {
            let runners = try await api.list(path, in: "runners").compactMap(Runner.init)
            let online = Set(runners.filter(\.isOnline).map(\.name))
            let waited = Duration.seconds(time.now().timeIntervalSince(start))
            guard waited < Self.pauseBetweenJobs,
                let absent = awaited.first(where: { !online.contains($0.id) })
            else { return runners }
            progress.progress(absent.address, "looking again for runner \(absent.id)")
            try await time.sleep(for: Self.pollInterval)
        }
    }

    private static func service(of runner: Runner, _ prefix: String) -> String? {
        guard runner.name.hasPrefix(prefix) else { return nil }
        let service = String(runner.name.dropFirst(prefix.count))
        return runner.labels.contains(service.lowercased()) ? service : nil
    }

    private static func unlabelled(
        _ runner: Runner, _ prefix: String, _ scope: Scope
    ) -> String? {
        guard runner.labels.isEmpty, runner.name.hasPrefix(prefix) else { return nil }
        let service = String(runner.name.dropFirst(prefix.count))
        return scope.expected.contains(Address(service: service, kind: kind)) ? service : nil
    }

    /// Waits until the machine's runner is online, and gives it its labels.
    ///
    /// An offline runner of that name belongs to an earlier machine, and one that lives otherwise
    /// to an earlier seed: the new one replaces it.
    /// - Throws: `ProviderError` with `.timedOut` when it does not come online in time.
    func bringOnline(
        _ desired: Resource, action: String = "bring the runner online"
    ) async throws -> ObservedResource {
        let purpose = purpose(action, desired.address)
        return try await purpose.run {
            let name = desired["name"]?.string ?? ""
            let online = try await onlineRunner(
                name, isEphemeral: desired["ephemeral"] == true, for: desired.address, purpose)
            let labels = ResourceKind.githubRunner["labels"]?.normalised(desired["labels"])
            let wanted = labels?.list?.compactMap(\.string) ?? []
            var observed = online.observed(for: desired.address.service)
            if online.labels != wanted {
                _ = try await api.send(
                    .put, "\(path)/\(online.id)/labels", ["labels": .list(labels?.list ?? [])])
                observed.attributes["labels"] = labels
            }
            observed.attributes["machine"] = desired["machine"]
            return observed
        }
    }

    private func onlineRunner(
        _ name: String, isEphemeral: Bool, for address: Address, _ purpose: Purpose
    ) async throws -> Runner {
        let start = time.now()
        var said: String?
        while true {
            let found = try await api.list(path, [("name", name)], in: "runners")
                .compactMap(Runner.init)
                .first { $0.name == name && $0.isEphemeral == isEphemeral }
            if let found, found.isOnline { return found }
            let waited = Int(time.now().timeIntervalSince(start))
            if waited >= patience.components.seconds {
                throw notOnline(name, found, waited, purpose)
            }
            let awaited = found == nil ? "to register" : "to come online"
            if awaited != said {
                progress.progress(address, "waiting for runner \(name) \(awaited)")
                said = awaited
            }
            try await time.sleep(for: Self.pollInterval)
        }
    }

    private func notOnline(
        _ name: String, _ found: Runner?, _ seconds: Int, _ purpose: Purpose
    ) -> ProviderError {
        if let complaint = RunnerVersion.complaint(about: found?.version) {
            return purpose.error(
                .timedOut, "runner \(name) is offline after \(seconds) s: \(complaint)",
                remedy: RunnerVersion.remedy)
        }
        let isRegistered = found != nil
        let host = api.site.split(separator: "/").last ?? "GitHub"
        let state = isRegistered ? "is registered but offline" : "has not registered"
        return purpose.error(
            .timedOut, "runner \(name) \(state) after \(seconds) s",
            remedy: isRegistered
                ? "Look at the runner's service on the machine (systemctl status launch-runner) "
                    + "and at whether it reaches \(host) on port 443."
                : "Look at the machine's console for the first-boot script's messages, "
                    + "and at whether it reaches \(host) on port 443.")
    }

    /// Removes the runner; waits for the job that it may be doing.
    func delete(_ observed: ObservedResource) async throws {
        let purpose = purpose("remove the runner", observed.address)
        try await purpose.run {
            let deadline = time.now().addingTimeInterval(Double(jobPatience.components.seconds))
            while true {
                do {
                    guard let number = try await number(of: observed) else { return }
                    _ = try await api.send(.delete, "\(path)/\(number)")
                    return
                } catch let failure as GitHubFailure where failure.isNotFound {
                    return
                } catch let failure as GitHubFailure where failure.isUnprocessable {
                    guard time.now() < deadline else {
                        throw purpose.error(
                            .timedOut, failure.message,
                            remedy: "Cancel the job that the runner is doing, then run it again.")
                    }
                    progress.progress(observed.address, "waiting for the runner's job to end")
                    try await time.sleep(for: .seconds(10))
                }
            }
        }
    }

    /// The runner's number of now; `nil` when an ephemeral one is not registered.
    private func number(of observed: ObservedResource) async throws -> String? {
        guard observed["ephemeral"] == true else { return observed.id }
        return try await api.list(path, [("name", observed.id)], in: "runners")
            .compactMap(Runner.init).first { $0.name == observed.id }.map { String($0.id) }
    }

    func purpose(_ action: String, _ address: Address?) -> Purpose {
        Purpose(action: action, address: address, repository: repository)
    }
}
