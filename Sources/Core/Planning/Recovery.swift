package import Resources

/// Decides what became of changes that an earlier run began and did not see the end of.
///
/// No question is asked: the world says what happened.
package struct Recovery: Sendable {
    /// Intents that are over, with what is to be written for each.
    package let settled: [(intent: Intent, outcome: Outcome)]
    /// Creations to be taken up again under the same key.
    package let unfinished: Set<Address>

    /// - Parameter services: the services that were observed; intents of others stay open.
    package init(
        _ document: StateDocument, observed: [ObservedResource], services: Set<String>? = nil
    ) {
        let intents = document.intents.filter { services?.contains($0.address.service) ?? true }
        let present = Dictionary(observed.map { ($0.address, $0) }) { first, _ in first }
        let recorded = document.resources
        settled = intents.compactMap { intent in
            switch intent.action {
            // Only who began to let a service go can end it.
            case .create, .release: nil
            case .update: (intent, .unchanged)
            case .delete:
                (
                    intent,
                    present[intent.address] == nil && recorded[intent.address] != nil
                        ? .forgotten : .unchanged
                )
            }
        }
        unfinished = Set(intents.filter { $0.action == .create }.map(\.address))
    }

    /// The document as it will be once `settled` is written.
    package func applied(to document: StateDocument) -> StateDocument {
        var document = document
        for (intent, outcome) in settled {
            document.intents.removeAll { $0.id == intent.id }
            if outcome == .forgotten {
                document.services[intent.address.service]?.resources
                    .removeAll { $0.address == intent.address }
            }
        }
        return document
    }
}
