/// A writer that makes any change of a service's slice durable in one step; the verbs of
/// `StateWriter` follow from that, so every store means the same by them.
package protocol SliceWriter: StateWriter {
    /// Changes the slice of `service`, if this run still holds its lease.
    /// - Parameter summary: what the history says of it.
    /// - Throws: `StateError.leaseLost`, and whatever else the store can meet.
    func edit(
        _ service: String, _ summary: String,
        _ change: @escaping @Sendable (inout ServiceSlice) -> Void
    ) async throws
}

extension SliceWriter {
    package func intend(_ intent: Intent) async throws {
        let summary = "\(intent.action.rawValue) \(intent.address): begun"
        try await edit(intent.address.service, summary) { $0.intend(intent) }
    }

    package func settle(_ intent: Intent, as outcome: Outcome) async throws {
        let summary = "\(intent.action.rawValue) \(intent.address): \(outcome.word)"
        try await edit(intent.address.service, summary) { $0.settle(intent, as: outcome) }
    }

    package func record(_ outcome: Outcome, at address: Address) async throws {
        let summary = "\(address): \(outcome.word)"
        try await edit(address.service, summary) { $0.record(outcome, at: address) }
    }

    package func describe(
        _ service: String, _ change: @escaping @Sendable (inout ServiceState) -> Void
    ) async throws {
        try await edit(service, "\(service): described") { $0.describe(change) }
    }
}

extension Outcome {
    fileprivate var word: String {
        switch self {
        case .created: "created"
        case .recorded: "recorded"
        case .forgotten: "gone"
        case .unchanged: "unchanged"
        }
    }
}
