import Resources

/// Writes of one lease holder, as entries of the journal.
struct JournalWriter: SliceWriter {
    let journal: Journal
    let author: JournalAuthor

    var holder: LeaseHolder { author.claim.holder }

    func document() async throws -> StateDocument {
        guard let replica = try await journal.current() else {
            throw StateError.corrupt(
                location: journal.storage.location, detail: "the state has gone during this run")
        }
        return replica.document
    }

    func edit(
        _ service: String, _ summary: String,
        _ change: @escaping @Sendable (inout ServiceSlice) -> Void
    ) async throws {
        try await append(summary, .slice(service, change))
    }

    func replace(with document: StateDocument) async throws {
        try await append("the whole state replaced", .replacement(document))
    }

    func proveLease(of service: String) throws { try author.proveLease(of: service) }

    /// Shuts out whoever held these services before and did not give them back.
    func fence(_ services: Set<String>) async throws {
        guard !services.isEmpty else { return }
        try await append(
            "taken over: \(services.sorted().joined(separator: ", "))", .fence(services))
    }

    private func append(_ summary: String, _ body: JournalEdit.Body) async throws {
        try await journal.append(JournalEdit(author: author, summary: summary, body: body))
    }
}
