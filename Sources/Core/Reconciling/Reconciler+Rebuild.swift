package import Planning
package import Resources

extension Reconciler {
    /// Brings a lost state back from the world's ownership marks, under the leases of all services
    /// concerned. Changes nothing but the state.
    ///
    /// - Parameters:
    ///   - goal: of all services, with every provider to look at.
    ///   - force: replaces a state that is there, under its lineage and serials.
    ///   - approve: sees what will be written, and throws to refuse it.
    /// - Throws: `ReconcilingError.stateInPlace` without `force`, `.ambiguousMark` when two
    ///   objects bear the mark of one address; `StateError`, `ProviderError` and what `approve`
    ///   throws. Nothing is written then.
    package func rebuild(
        _ goal: Goal, force: Bool = false, claim: LeaseClaim,
        approve: @Sendable (StateRebuild) async throws -> Void
    ) async throws -> StateRebuild {
        try await leasing(goal, claim) { writer, leased in
            let document = try await writer.document()
            guard force || document.recordsNothing else {
                throw ReconcilingError.stateInPlace(objects: document.resources.count)
            }
            let survey = try await survey(goal, document)
            let rebuild = survey.planner.rebuild(survey.input, at: time.now())
            try require(rebuild.entries.map(\.address.service), among: leased)
            try await approve(rebuild)
            for (intent, outcome) in survey.recovery.settled {
                try await writer.settle(intent, as: outcome)
            }
            for entry in rebuild.entries {
                let isCounted = document.generation(of: entry.address) > 0
                try await write(entry, isCounted: isCounted, writer)
            }
            try await describeConverged(goal, survey, writer)
            return rebuild
        }
    }

    /// An object that was never counted begins its address's generations.
    private func write(
        _ entry: StateRebuild.Entry, isCounted: Bool, _ writer: any StateWriter
    ) async throws {
        if let record = entry.record {
            try await writer.record(
                isCounted ? .recorded(record) : .created(record), at: entry.address)
        } else if entry.fate == .forgotten {
            try await writer.record(.forgotten, at: entry.address)
        }
    }

    /// Writes what the registry tells, for services that are as their spec says.
    func describeConverged(
        _ goal: Goal, _ survey: Survey, _ writer: any StateWriter
    ) async throws {
        var input = survey.input
        input.document = try await writer.document()
        let pending = Set(survey.planner.plan(input).effective.map(\.service))
        for (name, description) in goal.descriptions.sorted(by: { $0.key < $1.key })
        where !pending.contains(name)
            && input.document.services[name]?.specDigest != description.specDigest
        {
            try await describe(name, as: description, writer)
        }
    }
}

extension StateDocument {
    /// True when it knows of no object, not even of one that was begun.
    fileprivate var recordsNothing: Bool { resources.isEmpty && intents.isEmpty }
}
