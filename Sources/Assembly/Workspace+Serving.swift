import Cryptography
package import Foundation
import GitHub
import HTTP
import Reconciling
package import Resources
package import Rollout
import ServiceFiles
import Services

extension Workspace {
    /// When the commit that started this run was made; `nil` where no push did.
    package var pushedAt: Date? { PushEvent(surroundings.environment).commitTime }

    /// Follows services until each has reached `stage`, or the last one that it has; records what
    /// is new of their timelines, each write under the service's lease.
    ///
    /// - Parameters:
    ///   - services: `nil` is all.
    ///   - changed: those whose way begins anew with this run.
    ///   - begun: when the run did.
    ///   - claim: for the leases; another's are waited for only at the end.
    /// - Throws: `StateError`, `CancellationError`
    package func follow(
        _ services: Set<String>?, to stage: ServingStage = .serving, changed: Set<String> = [],
        begun: Date? = nil, claim: LeaseClaim, deadlines: StageDeadlines = StageDeadlines()
    ) async throws -> [RolloutResult] {
        let document = try await store.read()
        let wanted = repository.services.filter { services?.contains($0.name) ?? true }
            .sorted { $0.name < $1.name }
        let ledger = TimelineLedger(store, claim: claim, recorded: document)
        let probe = ServiceProbe(
            repository, shelf: shelf, jobs: deployJobs, http: surroundings.http,
            runnerNames: document.runnerNames, machinesMadeAfter: document.machinesMadeAfter,
            pushes: pushes(to: changed.union(services ?? [])),
            secrets: SecretVariables.values(in: surroundings.environment)
                .filter { $0.utf8.count >= 8 })
        let watch = RolloutWatch(
            probe, time: surroundings.time, deadlines: deadlines,
            keep: { try await ledger.keep($0) },
            tell: { events.emit(.stage(service: $0.name, stage: $1.rawValue)) })
        let results = try await watch.follow(
            wanted.map { service in
                FollowedService(
                    service.name, to: min(stage, service.lastStage),
                    timeline: beginning(
                        of: service.name, document, changed: changed.contains(service.name), begun))
            })
        try await ledger.finish()
        for result in results {
            guard let failure = result.failure else { continue }
            events.emit(.stageFailed(service: result.service.name, failure))
        }
        return results
    }

    /// What a push changed is deployed by it; a service that it left alone keeps what it has.
    private func pushes(to services: Set<String>) -> [String: Date] {
        pushedAt.map { push in services.reduce(into: [:]) { $0[$1] = push } } ?? [:]
    }

    /// A push later than the one recorded begins a timeline; otherwise the recorded one goes on.
    private func beginning(
        of service: String, _ document: StateDocument, changed: Bool, _ begun: Date?
    ) -> Timeline {
        let recorded = Timeline(document.services[service]?.timeline ?? [])
        let now = surroundings.time.now()
        let push = pushedAt ?? (changed ? begun : nil)
        guard let known = recorded.pushedAt else {
            guard let first = recorded.entries.first?.reachedAt else {
                return Timeline(pushedAt: min(push ?? now, now))
            }
            return recorded.pushed(at: min(push ?? first, first))
        }
        guard let push, push > known, push <= now, recorded[.machineUp]?.reachedAt ?? now < push
        else { return recorded }
        return Timeline(pushedAt: push)
    }

    private var deployJobs: DeployJobs? {
        let named = repository.project.repository ?? surroundings.environment["GITHUB_REPOSITORY"]
        return named.map {
            DeployJobs(
                repository: $0, environment: surroundings.environment,
                client: shelf.client(.github), time: surroundings.time,
                random: surroundings.random, sign: { RSASignature.sign($0, with: $1) })
        }
    }
}

extension StateDocument {
    /// A time before which each service's machine was not there, or not yet there again, with the
    /// runner that the service has now. It is recorded once it runs, and may have been deployed to
    /// by then; so the push that it was made for counts, if earlier.
    fileprivate var machinesMadeAfter: [String: Date] {
        services.compactMapValues { service in
            let runner = service.runner
            let machines = service.resources.filter(\.address.isMachine)
            let machine = machines.first { runner?.attributes["machine"] == .string($0.id) }
            guard let machine = machine ?? machines.first else { return nil }
            let push = Timeline(service.timeline).pushedAt ?? machine.createdAt
            let made = min(machine.createdAt, push)
            let returned = machine.attributes[Seed.expiryAttribute]?.string
                .flatMap(Date.init(timestamp:))?.addingTimeInterval(-Seed.tokenLifetime)
            guard let returned, let runner, returned <= runner.createdAt else { return made }
            return max(made, returned)
        }
    }

    /// The runners' names: one of a renamed service keeps its own.
    fileprivate var runnerNames: [String: String] {
        services.compactMapValues { $0.runner?.attributes["name"]?.string }
    }
}

extension ServiceState {
    fileprivate var runner: RecordedResource? {
        resources.first { $0.address == $0.address.runner }
    }
}
