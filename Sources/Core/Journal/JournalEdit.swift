import Resources

/// One change that the holder of leases wants made.
struct JournalEdit: Sendable {
    enum Body: Sendable {
        case slice(String, @Sendable (inout ServiceSlice) -> Void)
        /// Another document in the place of the whole one.
        case replacement(StateDocument)
        /// Nothing but the generations of services that were taken over: whoever held them
        /// before meets this entry at the next write.
        case fence(Set<String>)
    }

    let author: JournalAuthor
    /// What the history says of it.
    let summary: String
    let body: Body

    var isFence: Bool { if case .fence = body { true } else { false } }

    /// True when both can stand in one entry.
    func canShare(with other: JournalEdit) -> Bool {
        guard author.id == other.author.id else { return false }
        guard case .slice = body, case .slice = other.body else { return false }
        return true
    }

    /// - Parameter replica: what the log says; `nil` asks only whether the leases still hold.
    /// - Throws: `StateError.leaseLost`
    func proveLeases(on replica: Replica?) throws {
        let services: Set<String> =
            switch body {
            case .slice(let service, _): [service]
            case .fence(let services): services
            // A service that came meanwhile would be lost without anybody's knowing.
            case .replacement(let document):
                document.knownServices.union(replica?.document.knownServices ?? [])
            }
        for service in services.sorted() {
            try author.proveLease(of: service)
            if author.generation(of: service) < replica?.generations[service] ?? 0 {
                throw StateError.leaseLost(service: service)
            }
        }
    }
}
