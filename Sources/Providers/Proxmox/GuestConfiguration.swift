import Resources

/// A guest's options, as they run and as they will be after the next start.
struct GuestConfiguration: Hashable, Sendable {
    /// What the running guest has.
    let current: [String: String]
    /// What waits for the next start; `nil` is an option that will be unset.
    let pending: [String: String?]

    /// Reads `GET …/pending`, which unlike `…/config` tells the two apart.
    init(_ rows: Value) {
        var current: [String: String] = [:]
        var pending: [String: String?] = [:]
        for row in rows.list ?? [] {
            guard let key = row["key"]?.string else { continue }
            if let value = row["value"] { current[key] = value.plainText }
            if let value = row["pending"] { pending[key] = value.plainText }
            if row["delete"]?.integer ?? 0 > 0 { pending[key] = .some(nil) }
        }
        self.current = current
        self.pending = pending
    }

    private init(current: [String: String], pending: [String: String?]) {
        self.current = current
        self.pending = pending
    }

    /// The same with these options set at once.
    func with(_ options: [String: String]) -> GuestConfiguration {
        GuestConfiguration(
            current: current.merging(options) { $1 },
            pending: pending.filter { options[$0.key] == nil })
    }

    /// The option as it runs.
    subscript(_ key: String) -> String? { current[key] }

    /// The option as it will be after the next start.
    func settled(_ key: String) -> String? { pending[key] ?? current[key] }

    func flag(_ key: String) -> Bool { current[key] == "1" }

    var notes: String { trimmed(settled("description") ?? "") }
    var mark: OwnershipMark? { OwnershipMark(notes: notes) }
    var tags: [String] { tagList(settled("tags") ?? "") }
    /// Those that people gave it.
    var foreignTags: [String] { tags.filter { !OwnershipMark.isTag($0) } }
    var network: NetworkInterface? { current["net0"].map(NetworkInterface.init) }
    var isProtected: Bool { flag("protection") }

    /// The size of the disk at `key` in GiB.
    func gibibytes(_ key: String) -> Int? { size(key).map { $0 >> 30 } }

    /// The size of the disk at `key` in bytes.
    func size(_ key: String) -> Int? {
        current[key].flatMap { PropertyString($0, defaultKey: "file")["size"] }
            .flatMap(ProxmoxSize.bytes)
    }
}

extension ProxmoxAPI {
    func configuration(of guest: Guest) async throws -> GuestConfiguration {
        GuestConfiguration(try await get("\(guest.path)/pending"))
    }

    /// The digest that a change of the configuration must name, against lost updates.
    func digest(of guest: Guest) async throws -> String? {
        try await get("\(guest.path)/config")["digest"]?.string
    }
}
