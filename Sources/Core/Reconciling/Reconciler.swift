package import Foundation
package import Planning
package import Resources
package import Services

/// Brings the world to a goal: observe, decide, act, record.
package struct Reconciler: Sendable {
    let providers: @Sendable (ProviderName) throws -> any Provider
    let ephemerals: @Sendable () throws -> any EphemeralSource
    let refining: Refining
    let kinds: KindCatalogue
    let costs: CostEstimator?
    let store: any StateStore
    let time: any TimeSource
    let random: any RandomSource
    let digests: any Digesting
    /// The fingerprints under a state's lineage.
    let fingerprints: @Sendable (_ lineage: String) -> any Fingerprinting
    let events: any EventSink
    /// Steps at once, over all providers.
    let parallelism: Int
    /// When what is converged was pushed; `nil` counts from the run's own beginning.
    let pushedAt: Date?

    /// - Parameters:
    ///   - providers: finds a provider; throws `ProviderError` when its credentials are missing.
    ///   - ephemerals: finds the source of ephemeral secrets.
    ///   - refining: brings what the specs want up to what is only known at run time.
    ///   - costs: tells what plans cost; `nil` leaves that out.
    package init(
        providers: @escaping @Sendable (ProviderName) throws -> any Provider,
        ephemerals: @escaping @Sendable () throws -> any EphemeralSource,
        refining: @escaping Refining = { desired, _ in desired },
        kinds: KindCatalogue,
        costs: CostEstimator? = nil, store: any StateStore, time: any TimeSource,
        random: any RandomSource,
        digests: any Digesting,
        fingerprints: @escaping @Sendable (_ lineage: String) -> any Fingerprinting,
        events: any EventSink, parallelism: Int = 16, pushedAt: Date? = nil
    ) {
        self.providers = providers
        self.ephemerals = ephemerals
        self.refining = refining
        self.kinds = kinds
        self.costs = costs
        self.store = store
        self.time = time
        self.random = random
        self.digests = digests
        self.fingerprints = fingerprints
        self.events = events
        self.parallelism = parallelism
        self.pushedAt = pushedAt
    }

    /// Fills into what the specs want what is only known at run time, beside what was recorded.
    package typealias Refining =
        @Sendable (
            _ desired: [Resource], _ recorded: [Address: RecordedResource]
        ) async throws -> [Resource]

    /// What would be done; writes nothing.
    package func plan(_ goal: Goal) async throws -> Plan {
        let document = try await store.read()
        return try await survey(goal, document).plan
    }

    /// What is not as it was left, or not yet as the specs want it, and who did it where that is
    /// known; writes nothing.
    package func drift(_ goal: Goal) async throws -> Drift {
        let document = try await store.read()
        let survey = try await survey(goal, document)
        return try await attributing(drift(goal, survey), survey)
    }

    /// Without what the goal exempts.
    func drift(_ goal: Goal, _ survey: Survey) -> Drift {
        survey.planner.drift(survey.input).exempting(goal.exemptions, at: time.now())
    }

    /// What was recorded, what is there and what is not as it should be; writes nothing.
    package func look(
        _ goal: Goal
    ) async throws -> (document: StateDocument, observed: [ObservedResource], drift: Drift) {
        let document = try await store.read()
        let survey = try await survey(goal, document)
        return (document, Array(survey.input.observed.values), drift(goal, survey))
    }

    /// Carries a plan out, under the leases of the services concerned.
    ///
    /// - Parameters:
    ///   - once: true carries out no more than the first plan, though taking up what an earlier run
    ///     began may show that there is more to do.
    ///   - approve: sees the plan before anything is changed, and throws to refuse it.
    /// - Throws: `StateError`, `ProviderError` and what `approve` throws, all before the first
    ///   change. Failures of single steps are in the report.
    package func converge(
        _ goal: Goal, claim: LeaseClaim, stop: StopSignal = StopSignal(), once: Bool = false,
        approve: @Sendable (Plan) async throws -> Void
    ) async throws -> RunReport {
        try await leasing(goal, claim) { writer, leased in
            try await run(
                goal, writer, holding: leased, stop: stop, passes: once ? 1 : Self.passes,
                approve: approve)
        }
    }

    /// Runs `body` under the leases of the services that the goal and the state speak of, and
    /// again under more when it finds objects of others.
    func leasing<Result: Sendable>(
        _ goal: Goal, _ claim: LeaseClaim,
        _ body: (any StateWriter, Set<String>) async throws -> Result
    ) async throws -> Result {
        var leased = try await servicesToLease(goal)
        while true {
            do {
                return try await store.exclusively(leased, claim: claim) { writer in
                    try await body(writer, leased)
                }
            } catch let widening as WiderLease {
                leased.formUnion(widening.services)
            }
        }
    }

    private func servicesToLease(_ goal: Goal) async throws -> Set<String> {
        if let services = goal.services { return services }
        let document = try await store.read()
        return Set(goal.desired.map(\.address.service)).union(document.services.keys)
            .union(document.intents.map(\.address.service))
    }

    /// Objects were found of services whose lease this run does not hold yet.
    private struct WiderLease: Error {
        let services: Set<String>
    }

    /// - Throws: what has `leasing` lease the rest, when it is not held yet.
    func require(_ services: some Sequence<String>, among leased: Set<String>) throws {
        let strangers = Set(services).subtracting(leased)
        guard strangers.isEmpty else { throw WiderLease(services: strangers) }
    }

    private func run(
        _ goal: Goal, _ writer: any StateWriter, holding leased: Set<String>, stop: StopSignal,
        passes: Int, approve: @Sendable (Plan) async throws -> Void
    ) async throws -> RunReport {
        let start = time.now()
        var report = RunReport()
        for _ in 1...passes {
            let survey = try await survey(goal, try await writer.document())
            try require(survey.plan.servicesConcerned, among: leased)
            events.emit(.planReady(survey.plan))
            try await approve(survey.plan)
            try await preflight(survey)
            try await proveEphemerals(for: survey.plan, writer)
            try await finishRemovals(survey, writer)
            for (intent, outcome) in survey.recovery.settled {
                try await writer.settle(intent, as: outcome)
            }
            let execution = PlanExecution(survey, writer: writer, reconciler: self, stop: stop)
            report.add(await execution.run())
            guard report.isSuccess else { break }
            try await dropAbandoned(survey, writer)
            try await describeServices(goal, survey, writer)
            guard survey.plan.changes.contains(where: \.finishesEarlierRun) else { break }
        }
        report.duration = .seconds(time.now().timeIntervalSince(start))
        events.emit(.summary(report))
        return report
    }

    /// Has every provider look at what it is to do while nothing is half done.
    private func preflight(_ survey: Survey) async throws {
        let changes = Dictionary(grouping: survey.plan.changes, by: \.address.kind.provider)
        for (name, changes) in changes.sorted(by: { $0.key < $1.key }) {
            guard let provider = survey.providers[name] else { continue }
            let created = changes.filter { $0.action == .create || $0.action == .replace }
                .compactMap(\.desired)
            if !created.isEmpty { try await provider.preflight(creating: created) }
            let updates = changes.filter { $0.action == .update }.compactMap { change in
                change.observed.flatMap { observed in
                    change.desired.map { PlannedUpdate(observed, to: $0) }
                }
            }
            let deleted = changes.filter { $0.action == .delete }.compactMap(\.observed)
            guard !updates.isEmpty || !deleted.isEmpty else { continue }
            try await provider.preflight(changing: updates, deleting: deleted)
        }
    }

    /// What stood around an object that an earlier run deleted, and did not see go.
    private func finishRemovals(_ survey: Survey, _ writer: any StateWriter) async throws {
        for (intent, _) in survey.recovery.settled
        where intent.action == .delete {
            try await finishRemoval(of: intent.address, survey, writer)
        }
    }

    private func finishRemoval(
        of address: Address, _ survey: Survey, _ writer: any StateWriter
    ) async throws {
        guard survey.input.observed[address] == nil else { return }
        try await writer.fencing(address.service) {
            try await survey.providers[address.kind.provider]?.finishRemoval(of: address)
        }
    }

    /// Fetches what machines boot with before the first change: a credential that may list and
    /// not grant is noticed while nothing is half made.
    private func proveEphemerals(for plan: Plan, _ writer: any StateWriter) async throws {
        let created = plan.changes.filter { $0.action == .create || $0.action == .replace }
        let needed = Set(
            created.flatMap { $0.desired?.attributes.values.flatMap(\.ephemerals) ?? [] })
        // What belongs to an object that is yet to be made, or to get its name, cannot be fetched.
        let made = Set(plan.changes.filter { $0.isMadeAnew || $0.former != nil }.map(\.address))
        let inOrder = needed.sorted { ($0.service, $0.name) < ($1.service, $1.name) }
        for ephemeral in inOrder where !(ephemeral.origin.map(made.contains) ?? false) {
            _ = try await writer.fencing(ephemeral.service) {
                try await ephemerals().secret(for: ephemeral)
            }
        }
    }

    /// Taking up an earlier run's creation may reveal that its spec has changed since.
    private static let passes = 3

    /// Closes creations of earlier runs that nothing speaks of any more: not wanted, not there.
    /// What was made for the object goes.
    private func dropAbandoned(_ survey: Survey, _ writer: any StateWriter) async throws {
        let takenUp = Set(
            survey.plan.changes.filter { $0.action == .create || $0.removesObject }.map(\.address))
        for intent in survey.input.document.intents where !takenUp.contains(intent.address) {
            guard goalIncludes(intent, survey) else { continue }
            try await finishRemoval(of: intent.address, survey, writer)
            try await writer.settle(intent, as: .unchanged)
        }
    }

    private func goalIncludes(_ intent: Intent, _ survey: Survey) -> Bool {
        survey.input.services?.contains(intent.address.service) ?? true
    }

    /// Writes what the registry tells, for services that are now as their spec says.
    private func describeServices(
        _ goal: Goal, _ survey: Survey, _ writer: any StateWriter
    ) async throws {
        let changed = Set(survey.plan.effective.map(\.service))
        let services = survey.input.document.services
        let former = Dictionary(goal.heirs.map { ($0.value, $0.key) }) { first, _ in first }
        let known = changed.union(goal.descriptions.keys)
            .union(goal.heirs.keys.filter { services[$0] != nil })
        for name in known.sorted() {
            if let services = goal.services, !services.contains(name) { continue }
            let description = goal.descriptions[name]
            if !changed.contains(name), services[name]?.specDigest == description?.specDigest {
                continue
            }
            let timeline = former[name].flatMap { services[$0]?.timeline } ?? []
            try await describe(name, as: description, inheriting: timeline, writer)
        }
    }

    /// - Parameters:
    ///   - description: `nil` for a service that is in no spec any more.
    ///   - timeline: what the service has gone through under another name.
    func describe(
        _ service: String, as description: ServiceDescription?,
        inheriting timeline: [TimelineEntry] = [], _ writer: any StateWriter
    ) async throws {
        let now = time.now()
        try await writer.describe(service) { state in
            state.specDigest = description?.specDigest
            state.target = description?.target
            state.environment = description?.environment
            state.url = description?.url
            state.lastConvergedAt = description == nil ? nil : now
            if description == nil {
                state.timeline = []
            } else if state.timeline.isEmpty {
                state.timeline = timeline
            }
        }
    }
}

extension RunReport {
    fileprivate mutating func add(_ pass: RunReport) {
        done += pass.done
        failures += pass.failures
        skipped += pass.skipped
        wasInterrupted = wasInterrupted || pass.wasInterrupted
        summary.merge(pass.summary, uniquingKeysWith: +)
    }
}
