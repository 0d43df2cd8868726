import Resources

/// A VM or a container.
enum GuestType: String, Sendable, CaseIterable {
    case qemu, lxc

    var kind: KindName { KindName(.proxmox, self == .qemu ? "vm" : "lxc") }

    init?(_ kind: KindName) {
        guard let type = Self.allCases.first(where: { $0.kind == kind }) else { return nil }
        self = type
    }
}

/// One row of `/cluster/resources?type=vm`: where a guest is now.
struct Guest: Hashable, Sendable {
    let id: Int
    let type: GuestType
    let node: String
    let status: String
    /// The VM's name or the container's hostname; `nil` where only the place is known.
    let name: String?
    let tags: Set<String>
    let lock: String?

    /// A guest of which no more is known than its place.
    init(id: Int, type: GuestType, node: String) {
        self.id = id
        self.type = type
        self.node = node
        status = "unknown"
        name = nil
        tags = []
        lock = nil
    }

    /// `nil` for a template and for what is no guest.
    init?(_ row: Value) {
        guard let id = row["vmid"]?.integer, let node = row["node"]?.string,
            let type = row["type"]?.string.flatMap(GuestType.init(rawValue:)),
            row["template"]?.integer ?? 0 != 1
        else { return nil }
        self.id = id
        self.type = type
        self.node = node
        status = row["status"]?.string ?? "unknown"
        name = row["name"]?.string
        tags = Set(tagList(row["tags"]?.string ?? ""))
        lock = row["lock"]?.string
    }

    var path: Path { "/nodes/\(node)/\(type.rawValue)/\(id)" }

    /// True when the tags say that it belongs to the project.
    func isTagged(project: String) -> Bool {
        tags.contains("launch") && tags.contains(OwnershipMark.tag(project))
    }

    func isTagged(project: String, service: String) -> Bool {
        isTagged(project: project) && tags.contains(OwnershipMark.tag(service))
    }
}

extension ProxmoxAPI {
    /// Every guest of the cluster that the token may see.
    func guests() async throws -> [Guest] {
        (try await get("/cluster/resources", ["type": "vm"]).list ?? []).compactMap(Guest.init)
    }

    /// `running` or `stopped`, fresh: the list's status is up to ten seconds old.
    func status(of guest: Guest) async throws -> String {
        try await get("\(guest.path)/status/current")["status"]?.string ?? "unknown"
    }
}
