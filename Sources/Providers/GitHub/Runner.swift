import Resources

/// A runner as GitHub shows it.
struct Runner: Hashable, Sendable {
    let id: Int
    let name: String
    let isOnline: Bool
    /// It takes one job and is gone; servers that do not tell have none.
    let isEphemeral: Bool
    /// Custom labels, in lower case and sorted: those that GitHub adds by itself are left out.
    let labels: [String]
    let version: String?
    let os: String?

    init?(_ value: Value) {
        guard let id = value["id"]?.integer, let name = value["name"]?.string else { return nil }
        self.id = id
        self.name = name
        isOnline = value["status"] == "online"
        isEphemeral = value["ephemeral"] == true
        labels = (value["labels"]?.list ?? []).filter { $0["type"] != "read-only" }
            .compactMap { $0["name"]?.string?.lowercased() }.sorted()
        version = value["version"]?.string
        os = value["os"]?.string
    }

    /// What stays the same while the runner does: an ephemeral one has another number after each job.
    var identity: String { isEphemeral ? name : String(id) }

    func observed(for service: String) -> ObservedResource {
        ObservedResource(
            Address(service: service, kind: Runners.kind), id: identity,
            attributes: [
                "id": .string(identity), "name": .string(name),
                "labels": .list(labels.map(Value.string)), "online": .boolean(isOnline),
                "ephemeral": .boolean(isEphemeral),
                "version": version.map(Value.string) ?? .null, "os": os.map(Value.string) ?? .null,
            ])
    }
}
