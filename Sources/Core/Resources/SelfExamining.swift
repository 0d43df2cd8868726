/// A provider that can tell whether a converge would find what it needs.
package protocol SelfExamining: Provider {
    /// Looks at credentials, permissions and settings. Changes nothing.
    ///
    /// - Parameter desired: what the specs want of this provider; it decides what is needed.
    func examine(for desired: [Resource]) async -> [Finding]
}

extension StateStore {
    /// Proves that the store can be read and written: takes and gives back a lease on nothing.
    /// - Returns: what it holds.
    /// - Throws: `StateError`
    package func prove(_ claim: LeaseClaim) async throws -> StateDocument {
        try await exclusively([], claim: claim) { writer in try await writer.document() }
    }
}
