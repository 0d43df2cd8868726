import Foundation
import GitHub
import HTTP
import Resources
import Rollout
import ServiceFiles
import Services
import Synchronization

/// Sees how far services are: by their providers, their runners' jobs and their public names.
final class ServiceProbe: StageProbe {
    private let shelf: ProviderShelf
    private let services: [String: ServiceSpec]
    private let project: ProjectSpec
    private let jobs: DeployJobs?
    private let endpoint: EndpointProbe
    /// What the services' runners are called: one of a renamed service keeps its own name.
    private let runnerNames: [String: String]
    /// A time before which each service's machine was not there: what was deployed before is not
    /// on it.
    private let machinesMadeAfter: [String: Date]
    /// The commit, by its time, that each service's deploy must not be older than.
    private let pushes: [String: Date]
    /// Values that nobody may see in a log.
    private let secrets: [String]
    /// What was learnt on the way: the machines' ids and the newest jobs.
    private let known = Mutex(Known())

    private struct Known {
        var machines: [String: String] = [:]
        var jobs: [String: DeployJob] = [:]
    }

    init(
        _ repository: Repository, shelf: ProviderShelf, jobs: DeployJobs?, http: any HTTPClient,
        runnerNames: [String: String], machinesMadeAfter: [String: Date], pushes: [String: Date],
        secrets: [String]
    ) {
        self.shelf = shelf
        services = Dictionary(
            repository.services.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        project = repository.project
        self.jobs = jobs
        endpoint = EndpointProbe(http)
        self.runnerNames = runnerNames
        self.machinesMadeAfter = machinesMadeAfter
        self.pushes = pushes
        self.secrets = secrets
    }

    func see(_ looks: [Look]) async throws -> [Look: Sighting] {
        let wanted = Dictionary(grouping: looks, by: \.stage).map { $0 }
        return try await wanted.concurrentMap { stage, looks in
            let services = looks.compactMap { self.services[$0.service] }
            let sightings = try await self.see(services, at: stage)
            return Dictionary(uniqueKeysWithValues: sightings.map { (Look($0, at: stage), $1) })
        }.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }

    private func see(
        _ services: [ServiceSpec], at stage: ServingStage
    ) async throws -> [String: Sighting] {
        switch stage {
        case .pushed: all(services, .reached)
        case .machineUp: try await machines(services)
        case .firstBootDone: try await each(services) { try await self.firstBoot($0) }
        case .runnerOnline:
            try await orWaiting(services) { try await self.runners(services) }
        case .applicationHealthy:
            try await orWaiting(services) { try await self.applications(services) }
        case .nameAnswers, .certificateValid, .serving:
            try await each(services) { try await self.endpoint.see($0, at: stage) }
        }
    }

    // MARK: - Machines

    private func machines(_ services: [ServiceSpec]) async throws -> [String: Sighting] {
        let byProvider = Dictionary(grouping: services, by: \.machine.kind.provider).map { $0 }
        return try await byProvider.concurrentMap { name, services in
            try await self.orWaiting(services) {
                let found = try await self.observed(services, \.machine, by: name)
                return Dictionary(
                    uniqueKeysWithValues: services.map { service in
                        (service.name, self.machine(found[service.machine], of: service.name))
                    })
            }
        }.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }

    private func machine(_ machine: ObservedResource?, of service: String) -> Sighting {
        guard let machine else { return .waiting("there is no machine") }
        known.withLock { $0.machines[service] = machine.id }
        return machine["running"] == .boolean(false)
            ? .waiting("\(machine.id) is switched off") : .reached
    }

    private func observed(
        _ services: [ServiceSpec], _ address: (ServiceSpec) -> Address, by provider: ProviderName
    ) async throws -> [Address: ObservedResource] {
        let scope = Scope(
            project: project.project, services: Set(services.map(\.name)),
            expected: Set(services.map(address)))
        return Dictionary(
            try await shelf.provider(provider).observe(scope).map { ($0.address, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The bootstrap script says where it is; not every machine's words can be read, and none
    /// shows them at once.
    private func firstBoot(_ service: ServiceSpec) async throws -> Sighting {
        guard let account = try await account(of: service) else {
            return .hidden("its machine was not seen")
        }
        let words = account.lines.filter { $0.contains("launch: ") }
        if words.contains(where: { $0.hasSuffix("launch: ready") }) { return .reached }
        return .hidden(words.last ?? account.silence)
    }

    private func account(of service: ServiceSpec) async throws -> BootAccounts.Account? {
        guard let id = known.withLock({ $0.machines[service.name] }) else { return nil }
        return try await BootAccounts(shelf: shelf).account(of: service, machine: id)
    }

    // MARK: - Runners and their jobs

    private func runners(_ services: [ServiceSpec]) async throws -> [String: Sighting] {
        let found = try await observed(services, \.runner, by: .github)
        return Dictionary(
            uniqueKeysWithValues: services.map { service in
                guard let runner = found[service.runner] else {
                    return (service.name, .waiting("its runner has not registered"))
                }
                return (
                    service.name,
                    runner["online"] == .boolean(true)
                        ? .reached : .waiting("its runner is offline")
                )
            })
    }

    private func applications(_ services: [ServiceSpec]) async throws -> [String: Sighting] {
        guard let jobs else {
            return all(services, .failed("no repository deploys it", remedy: Self.noRepository))
        }
        let identities = Dictionary(
            services.map { ($0.name, identity(of: $0)) }, uniquingKeysWith: { first, _ in first })
        let newest = try await jobs.newest(of: identities.values)
        return identities.mapValues { $0 }.reduce(into: [:]) { sightings, entry in
            let job = newest[entry.value]
            known.withLock { $0.jobs[entry.key] = job }
            sightings[entry.key] = sighting(of: job, for: entry.key)
        }
    }

    private static let noRepository = "Set `repository: owner/name` in launch.yaml."

    private func identity(of service: ServiceSpec) -> RunnerIdentity {
        RunnerIdentity(
            name: runnerNames[service.name] ?? Seed(for: service, in: project).runnerName,
            labels: [service.name, service.environment])
    }

    private func sighting(of job: DeployJob?, for service: String) -> Sighting {
        guard let job else { return .waiting("no deploy job has come to its runner") }
        if let end = job.completedAt, let made = machinesMadeAfter[service], end < made {
            return .waiting("nothing was deployed since its machine was made")
        }
        if let commit = job.commitTime, let push = pushes[service], commit < push {
            return .waiting("the newest deploy is of a commit before this push")
        }
        return switch job.state {
        case .queued: .waiting("\(job.name) waits for its runner")
        case .running: .waiting("\(job.name) runs")
        case .succeeded: .reached
        case .failed(let conclusion):
            .failed("\(job.name) ended as \(conclusion)" + (job.page.map { ": \($0)" } ?? ""))
        }
    }

    // MARK: - Logs

    func log(of look: Look) async -> [String] {
        guard let service = services[look.service] else { return [] }
        switch look.stage {
        case .pushed, .nameAnswers, .certificateValid, .serving: return []
        case .machineUp, .firstBootDone, .runnerOnline:
            let lines = (try? await account(of: service))?.lines
            return (lines ?? []).suffix(20).map(discreet)
        case .applicationHealthy:
            guard let job = known.withLock({ $0.jobs[service.name] }), let jobs else { return [] }
            return ((try? await jobs.logTail(of: job)) ?? []).map(discreet)
        }
    }

    private func discreet(_ line: String) -> String {
        secrets.reduce(line) { $0.replacing($1, with: "(secret)") }.onOneLine
    }

    // MARK: - Failures

    private func all(_ services: [ServiceSpec], _ sighting: Sighting) -> [String: Sighting] {
        Dictionary(services.map { ($0.name, sighting) }, uniquingKeysWith: { first, _ in first })
    }

    private func each(
        _ services: [ServiceSpec],
        _ look: @escaping @Sendable (ServiceSpec) async throws -> Sighting
    ) async throws -> [String: Sighting] {
        let sightings = try await services.concurrentMap { ($0.name, try await look($0)) }
        return Dictionary(sightings, uniquingKeysWith: { first, _ in first })
    }

    /// What may pass by itself is waited for; missing credentials do not come while we wait.
    private func orWaiting(
        _ services: [ServiceSpec], _ look: () async throws -> [String: Sighting]
    ) async throws -> [String: Sighting] {
        do {
            return try await look()
        } catch let error as ProviderError {
            switch error.reason {
            case .unauthorized, .forbidden, .invalid, .unsupported, .clockSkew:
                return all(services, .failed(error.description, remedy: error.remedy))
            default: return all(services, .waiting(error.description))
            }
        }
    }
}
