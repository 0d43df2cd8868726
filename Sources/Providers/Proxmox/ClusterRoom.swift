import Resources

/// What a new guest takes of its node.
struct GuestRoom: Hashable, Sendable {
    let address: Address
    let project: String
    /// Bytes.
    let memory: Int
    /// Bytes, on `storage`.
    let disk: Int
    let storage: String
    let imageStorage: String

    init(_ desired: Resource) {
        address = desired.address
        project = desired["owner"]?["project"]?.string ?? ""
        memory = (desired["memory"]?.integer ?? 0) << 20
        let gibibytes = ["disk", "data_disk"].map { desired[$0]?.integer ?? 0 }.reduce(0, +)
        disk = gibibytes << 30
        storage = desired["storage"]?.string ?? ""
        imageStorage = desired["image_storage"]?.string ?? ""
    }
}

/// The cluster's nodes with what is free on them, from one list of everything.
struct ClusterRoom {
    private var nodes: [Node]
    private let guests: [Guest]
    /// Bytes by VMID.
    private let memories: [Int: Int]

    private struct Node {
        let name: String
        var memory: Int
        /// Free bytes by storage, of those that the token may see.
        var storages: [String: Int]
        /// The guests that stand there, by their projects' tags.
        var projects: [String: Int]
    }

    /// - Parameter rows: `GET /cluster/resources`.
    init(_ rows: Value) {
        let rows = rows.list ?? []
        let guests = rows.compactMap(Guest.init)
        self.guests = guests
        memories = Dictionary(
            rows.compactMap { row in row["vmid"]?.integer.map { ($0, row["mem"]?.integer ?? 0) } },
            uniquingKeysWith: max)
        nodes = rows.compactMap { row in
            guard row["type"]?.string == "node", row["status"]?.string == "online",
                let name = row["node"]?.string
            else { return nil }
            let storages = rows.filter {
                $0["type"]?.string == "storage" && $0["node"]?.string == name
                    && $0["status"]?.string == "available"
            }
            let tags = guests.filter { $0.node == name }.flatMap(\.tags)
            return Node(
                name: name, memory: Self.free(row, "mem"),
                storages: Dictionary(
                    storages.compactMap { row in
                        row["storage"]?.string.map { ($0, Self.free(row, "disk")) }
                    }, uniquingKeysWith: max),
                projects: Dictionary(tags.map { ($0, 1) }, uniquingKeysWith: +))
        }.sorted { $0.name < $1.name }
    }

    private static func free(_ row: Value, _ key: String) -> Int {
        (row["max" + key]?.integer ?? 0) - (row[key]?.integer ?? 0)
    }

    /// Counts what this run has sent to a node and the list does not show yet: a guest takes
    /// memory when it runs, and is seen to be the project's when it has been made.
    mutating func take(_ room: GuestRoom, on name: String) {
        guard let index = nodes.firstIndex(where: { $0.name == name }) else { return }
        let seen = guests.first {
            $0.isTagged(project: room.project, service: room.address.service)
        }
        if seen?.status != "running" { nodes[index].memory -= room.memory }
        guard seen == nil else { return }
        nodes[index].storages[room.storage]? -= room.disk
        nodes[index].projects[OwnershipMark.tag(room.project), default: 0] += 1
    }

    /// The wished node, taken as it is; or for `auto`, of the nodes with room enough, the one
    /// with the fewest guests of the project, then the one with the most free memory, then the
    /// first by name.
    /// - Returns: the node, and why it is the one.
    func choose(_ wish: String, for room: GuestRoom) throws -> (node: String, reason: String) {
        guard wish == "auto" else {
            try requireOnline(wish)
            return (wish, "launch.yaml names it")
        }
        guard !nodes.isEmpty else {
            throw ProxmoxFailure(
                .noCapacity, "no node is online that the token may see",
                remedy: "Grant Sys.Audit on /nodes to the token, or start a node.")
        }
        let tag = OwnershipMark.tag(room.project)
        let nodes = nodes.map { vacated($0, by: room) }
        let fitting = nodes.filter { lack(of: room, on: $0) == nil }
        let best = fitting.min {
            ($0.projects[tag] ?? 0, -$0.memory, $0.name)
                < ($1.projects[tag] ?? 0, -$1.memory, $1.name)
        }
        guard let best else {
            let lacks = nodes.compactMap { node in
                lack(of: room, on: node).map { "\(node.name) has \($0)" }
            }
            throw ProxmoxFailure(
                .noCapacity, "no node has room for it: \(lacks.joined(separator: "; "))",
                remedy: "Free some room, or name a node in `targets.proxmox.node` to take it as "
                    + "it is.")
        }
        let count = best.projects[tag] ?? 0
        return (
            best.name,
            "\(count) of the project's guests there, \(Self.amount(best.memory)) of memory free"
        )
    }

    /// The node without the guest that the new one replaces.
    private func vacated(_ node: Node, by room: GuestRoom) -> Node {
        var node = node
        for guest in guests
        where guest.node == node.name
            && guest.isTagged(project: room.project, service: room.address.service)
        {
            node.memory += memories[guest.id] ?? 0
            node.storages[room.storage]? += room.disk
            node.projects[OwnershipMark.tag(room.project), default: 1] -= 1
        }
        return node
    }

    private func requireOnline(_ wish: String) throws {
        let names = nodes.map(\.name)
        guard !names.contains(wish) else { return }
        throw ProxmoxFailure(
            .invalid, "there is no node \"\(wish)\" online",
            remedy: "Set `targets.proxmox.node` to auto or one of: "
                + "\(names.joined(separator: ", ")).")
    }

    /// What the node has too little of.
    private func lack(of room: GuestRoom, on node: Node) -> String? {
        if node.memory < room.memory {
            return "\(Self.amount(node.memory)) of memory free, not \(Self.amount(room.memory))"
        }
        guard room.disk > 0, !nodes.allSatisfy(\.storages.isEmpty) else { return nil }
        for storage in [room.storage, room.imageStorage] where node.storages[storage] == nil {
            return "no storage \"\(storage)\""
        }
        let free = node.storages[room.storage] ?? 0
        guard free < room.disk else { return nil }
        return "\(Self.amount(free)) free on \(room.storage), not \(Self.amount(room.disk))"
    }

    private static func amount(_ bytes: Int) -> String { "\(max(0, bytes) >> 30) GiB" }
}
