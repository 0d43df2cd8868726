import Planning
import Resources

/// Everything a run knows before it acts.
struct Survey {
    let input: PlanInput
    let recovery: Recovery
    let planner: Planner
    let plan: Plan
    let providers: [ProviderName: any Provider]
}

extension Reconciler {
    /// Looks at the world and decides; changes nothing.
    ///
    /// - Throws: `ReconcilingError.halfReleased` for services that a run began to let go: what bears
    ///   no mark any more would count as missing.
    func survey(_ goal: Goal, _ document: StateDocument) async throws -> Survey {
        let halfReleased = document.servicesBeingReleased.filter {
            goal.services?.contains($0) ?? true
        }
        guard halfReleased.isEmpty else {
            throw ReconcilingError.halfReleased(halfReleased.sorted())
        }
        return try await surveyAll(goal, document)
    }

    /// The same, whatever a run began to let go.
    func surveyAll(_ goal: Goal, _ document: StateDocument) async throws -> Survey {
        let providers = try providersNeeded(for: goal, document)
        let scope = Scope(
            project: goal.project, services: goal.services,
            recorded: document.resources.values.filter {
                goal.services?.contains($0.address.service) ?? true
            },
            expected: Set(goal.desired.map(\.address) + document.intents.map(\.address)))
        let observed = try unambiguous(
            try await observe(scope, providers), recorded: document.resources)
        let recovery = Recovery(document, observed: observed, services: goal.services)
        let unbooted = observed.filter {
            providers[$0.address.kind.provider]?.awaitsBoot($0) ?? false
        }
        var input = PlanInput(
            desired: try await refining(goal.desired, document.resources),
            document: recovery.applied(to: document), observed: observed,
            services: goal.services, withData: goal.withData, upgraded: goal.upgraded,
            removalReason: goal.removalReason,
            unfinished: recovery.unfinished.union(unbooted.filter(\.isOff).map(\.address)),
            awaitingBoot: Set(unbooted.map(\.address)))
        let planner = Planner(
            kinds: kinds, fingerprints: fingerprints(document.lineage), costs: costs)
        (input.stranded, input.cutShort) = planner.lackingSeeds(in: input, at: time.now())
        return Survey(
            input: input, recovery: recovery, planner: planner, plan: planner.plan(input),
            providers: providers)
    }

    /// Only the providers that the specs or the state speak of need credentials.
    private func providersNeeded(
        for goal: Goal, _ document: StateDocument
    ) throws -> [ProviderName: any Provider] {
        let addresses =
            goal.desired.map(\.address) + document.resources.keys + document.intents.map(\.address)
        let names = Set(
            addresses.filter { goal.services?.contains($0.service) ?? true }
                .map(\.kind.provider)
        ).union(goal.providers)
        return try names.reduce(into: [:]) { $0[$1] = try providers($1) }
    }

    private func observe(
        _ scope: Scope, _ providers: [ProviderName: any Provider]
    ) async throws -> [ObservedResource] {
        try await withThrowingTaskGroup(of: [ObservedResource].self) { group in
            // In order of name, so that the same run makes the same requests in the same order.
            for (_, provider) in providers.sorted(by: { $0.key < $1.key }) {
                group.addTask { try await provider.observe(scope) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// One object for each address: the recorded one, where several bear its mark.
    private func unambiguous(
        _ observed: [ObservedResource], recorded: [Address: RecordedResource]
    ) throws -> [ObservedResource] {
        let byAddress = Dictionary(grouping: observed, by: \.address).sorted { $0.key < $1.key }
        return try byAddress.map { address, objects in
            if objects.count == 1 { return objects[0] }
            guard let known = objects.first(where: { $0.id == recorded[address]?.id }) else {
                throw ReconcilingError.ambiguousMark(address, ids: objects.map(\.id).sorted())
            }
            return known
        }
    }
}

extension StateDocument {
    fileprivate var servicesBeingReleased: Set<String> {
        Set(intents.filter { $0.action == .release }.map(\.address.service))
    }
}

extension ObservedResource {
    /// A machine that is off while it still has what it is to boot from was never started: only
    /// its creation puts a fresh seed there.
    fileprivate var isOff: Bool { self["running"] == false }
}
