package import Planning
package import Resources

extension Reconciler {
    /// Lets services go, under their leases: takes the project's marks off their objects, changes
    /// nothing else of them, and forgets them.
    ///
    /// Every object is announced before the first one changes. A run that breaks off is ended by
    /// another one of the same services; until then nothing else is planned for them.
    ///
    /// - Parameters:
    ///   - goal: of these services, with every provider to look at.
    ///   - approve: sees what is let go, and throws to refuse it.
    /// - Throws: `ProviderError`, `StateError` and what `approve` throws.
    package func forget(
        _ goal: Goal, claim: LeaseClaim,
        approve: @Sendable (Forgetting) async throws -> Void
    ) async throws -> Forgetting {
        try await leasing(goal, claim) { writer, leased in
            let document = try await writer.document()
            let survey = try await surveyAll(goal, document)
            let forgetting = survey.planner.forgetting(survey.input, named: survey.namedKinds)
            try require(forgetting.entries.map(\.address.service), among: leased)
            try await approve(forgetting)
            let intents = try await announce(forgetting, document, writer)
            for entry in forgetting.entries {
                try await release(entry, intents[entry.address], survey, writer)
            }
            try await closeOthers(document, goal, writer)
            for service in Set(forgetting.entries.map(\.address.service)).sorted() {
                try await describe(service, as: nil, writer)
            }
            return forgetting
        }
    }

    /// - Returns: what is open for each object whose marks are to be taken off.
    private func announce(
        _ forgetting: Forgetting, _ document: StateDocument, _ writer: any StateWriter
    ) async throws -> [Address: Intent] {
        var intents: [Address: Intent] = [:]
        for intent in document.intents where intent.action == .release {
            intents[intent.address] = intent
        }
        let run = random.hexadecimal(16)
        for entry in forgetting.entries
        where entry.fate == .released && intents[entry.address] == nil {
            let intent = Intent(
                id: random.hexadecimal(32), address: entry.address, action: .release,
                objectID: entry.id, startedAt: time.now(), run: run, reason: "let go")
            try await writer.intend(intent)
            intents[entry.address] = intent
        }
        return intents
    }

    private func release(
        _ entry: Forgetting.Entry, _ intent: Intent?, _ survey: Survey, _ writer: any StateWriter
    ) async throws {
        let address = entry.address
        if entry.fate == .released, let observed = entry.observed,
            let provider = survey.providers[address.kind.provider] as? any OwnershipMarking
        {
            try await writer.fencing(address.service) { try await provider.release(observed) }
        }
        if let intent {
            try await writer.settle(intent, as: .forgotten)
        } else if survey.input.document.resources[address] != nil {
            try await writer.record(.forgotten, at: address)
        }
    }

    /// What earlier runs began with these services comes to no end any more.
    private func closeOthers(
        _ document: StateDocument, _ goal: Goal, _ writer: any StateWriter
    ) async throws {
        for intent in document.intents
        where intent.action != .release && goal.services?.contains(intent.address.service) ?? true {
            try await writer.settle(intent, as: .unchanged)
        }
    }

    /// Takes an object back that a run began to let go: closes what that run announced.
    package func takeBack(_ address: Address, _ writer: any StateWriter) async throws {
        for intent in try await writer.document().intents
        where intent.action == .release && intent.address == address {
            try await writer.settle(intent, as: .unchanged)
        }
    }
}

extension Survey {
    fileprivate var namedKinds: Set<KindName> {
        providers.values.reduce(into: []) { kinds, provider in
            kinds.formUnion((provider as? any OwnershipMarking)?.kindsFoundByName ?? [])
        }
    }
}
