import Resources

/// A runner as GitHub shows it.
struct Runner: Hashable, Sendable {
    let id: Int
    let name: String
    let isOnline: Bool
    /// Custom labels, in lower case and sorted: those that GitHub adds by itself are left out.
    let labels: [String]
    let version: String?
    let os: String?

    init?(_ value: Value) {
        guard let id = value["id"]?.integer, let name = value["name"]?.string else { return nil }
        self.id = id
        self.name = name
        isOnline = value["status"] == "online"
        labels = (value["labels"]?.list ?? []).filter { $0["type"] != "read-only" }
            .compactMap { $0["name"]?.string?.lowercased() }.sorted()
        version = value["version"]?.string
        os = value["os"]?.string
    }

    func observed(for service: String) -> ObservedResource {
        ObservedResource(
            Address(service: service, kind: Runners.kind), id: String(id),
            attributes: [
                "id": .string(String(id)), "name": .string(name),
                "labels": .list(labels.map(Value.string)), "online": .boolean(isOnline),
                "version": version.map(Value.string) ?? .null, "os": os.map(Value.string) ?? .null,
            ])
    }
}
