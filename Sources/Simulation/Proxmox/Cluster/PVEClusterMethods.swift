import Resources

import Foundation

/// `/version`, `/cluster`, `/nodes`, `/access`, `/pools`.
extension SimulatedProxmox {
    func showVersion(_ call: PVECall) -> Value {
        [
            "version": .string("\(version.major).\(version.minor).4"),
            "release": .string("\(version.major).\(version.minor)"), "repoid": "5b29ef0cd8e1b4a6",
        ]
    }

    func listResources(_ call: PVECall) -> Value {
        let type = call["type"]
        var resources: [Value] = []
        if type == nil || type == "vm" { resources += sortedGuests.map(resource) }
        if type == nil || type == "node" {
            resources += nodes.map { .object(status(ofNode: $0)) }
        }
        if type == nil || type == "storage" {
            resources += nodes.flatMap { node in storages.map { resource($0, on: node) } }
        }
        return .list(resources)
    }

    /// Node, tags and lock are current; state and name of a fresh guest come with the next
    /// broadcast.
    private func resource(_ guest: PVEGuest) -> Value {
        var resource = status(of: guest)
        resource["id"] = .string("\(guest.kind.rawValue)/\(guest.vmid)")
        resource["type"] = .string(guest.kind.rawValue)
        resource["node"] = .string(guest.node)
        resource["maxcpu"] = resource.removeValue(forKey: "cpus")
        resource["template"] = resource["template"] ?? 0
        if let pool = guest.pool { resource["pool"] = .string(pool) }
        if let state = highAvailability.requested[guest.vmid] {
            resource["hastate"] = .string(state)
        }
        let isOutOfReach = highAvailability.failedNodes.contains(guest.node)
        if isOutOfReach || core.now.timeIntervalSince(guest.created) < 10 {
            resource["status"] = "unknown"
            resource["name"] = nil
        }
        return .object(resource)
    }

    private func resource(_ storage: PVEStorage, on node: String) -> Value {
        [
            "id": .string("storage/\(node)/\(storage.id)"), "type": "storage",
            "storage": .string(storage.id), "node": .string(node),
            "status": highAvailability.failedNodes.contains(node) ? "unknown" : "available",
            "content": .string(storage.content.joined(separator: ",")), "shared": 0,
            "plugintype": .string(storage.type), "maxdisk": .integer(storage.total),
            "disk": .integer(volumes.used(storage.id, on: node)),
        ]
    }

    /// The lowest free id; nothing is reserved.
    func nextID(_ call: PVECall) throws -> Value {
        if let wanted = call.integer("vmid") {
            guard guests[wanted] == nil else {
                throw PVEFailure.parameters(["vmid": "VM \(wanted) already exists"])
            }
            return .string(String(wanted))
        }
        return .string(String((100...).first { guests[$0] == nil } ?? 100))
    }

    func showClusterStatus(_ call: PVECall) -> Value {
        let cluster: Value = [
            "type": "cluster", "id": "cluster", "name": "simulated", "quorate": 1,
            "nodes": .integer(nodes.count), "version": 1,
        ]
        let members = nodes.enumerated().map { index, node -> Value in
            [
                "type": "node", "id": .string("node/\(node)"), "name": .string(node), "online": 1,
                "nodeid": .integer(index + 1), "ip": .string("10.20.0.\(index + 1)"), "level": "",
                "local": index == 0 ? 1 : 0,
            ]
        }
        return .list([cluster] + members)
    }

    func listNodes(_ call: PVECall) -> Value {
        .list(nodes.map { .object(status(ofNode: $0)) })
    }

    private func status(ofNode node: String) -> [String: Value] {
        [
            "id": .string("node/\(node)"), "type": "node", "node": .string(node),
            "status": highAvailability.failedNodes.contains(node) ? "offline" : "online",
            "level": "", "cpu": .number(0.05), "maxcpu": .integer(Self.nodeCPUs),
            "mem": .integer(usedMemory(on: node)), "maxmem": .integer(Self.nodeMemory),
            "disk": .integer(volumes.used("local", on: node)), "maxdisk": .integer(100 << 30),
            "uptime": 86400,
        ]
    }

    func showNodeStatus(_ call: PVECall) -> Value {
        let used = usedMemory(on: call.node)
        return [
            "uptime": 86400, "cpu": .number(0.05),
            "pveversion": .string("pve-manager/\(version.major).\(version.minor).4"),
            "cpuinfo": ["cpus": .integer(Self.nodeCPUs), "sockets": 1, "model": "Simulated CPU"],
            "memory": [
                "total": .integer(Self.nodeMemory), "used": .integer(used),
                "free": .integer(Self.nodeMemory - used),
                "available": .integer(Self.nodeMemory - used),
            ],
            "rootfs": [
                "total": .integer(100 << 30), "used": .integer(4 << 30), "free": .integer(96 << 30),
                "avail": .integer(96 << 30),
            ],
        ]
    }

    /// What the node sees behind a URL.
    func queryURL(_ call: PVECall) throws -> Value {
        let url = call["url"] ?? ""
        guard hasInternet else { throw PVEFailure("Can't connect to the host of \(url)") }
        guard let image = PublishedImage.at(url) else {
            throw PVEFailure("invalid server response: '404 Not Found'")
        }
        return [
            "filename": .string(image.name), "size": .integer(image.size.bytes),
            "mimetype": "application/octet-stream",
        ]
    }

    private static let nodeCPUs = 32
    private static let nodeMemory = 128 << 30

    /// What the host needs, and the memory of the guests that run.
    private func usedMemory(on node: String) -> Int {
        sortedGuests.filter { $0.node == node && $0.isRunning }
            .reduce(4 << 30) { $0 + $1.memoryBytes }
    }

    func listNetworks(_ call: PVECall) -> Value {
        let wanted = call["type"] ?? "any_bridge"
        guard ["any_bridge", "any_local_bridge", "bridge"].contains(wanted) else { return [] }
        return [
            [
                "iface": "vmbr0", "type": "bridge", "active": 1, "autostart": 1,
                "method": "static", "cidr": "10.20.0.1/16", "bridge_ports": "eno1",
            ]
        ]
    }

    /// All paths that have a role, or what counts on one path.
    func showPermissions(_ call: PVECall) -> Value {
        let paths = call["path"].map { [$0: privileges(on: $0)] } ?? granted
        return .object(
            paths.mapValues { privileges in
                .object(Dictionary(privileges.map { ($0, 1) }) { first, _ in first })
            })
    }

    func listPools(_ call: PVECall) -> Value {
        .list(
            pools.sorted { $0.key < $1.key }.map { id, comment in
                ["poolid": .string(id), "comment": .string(comment)]
            })
    }

    func createPool(_ call: PVECall) throws -> Value {
        let id = call["poolid"] ?? ""
        guard pools[id] == nil else {
            throw PVEFailure("create pool failed: pool '\(id)' already exists")
        }
        pools[id] = call["comment"] ?? ""
        return .null
    }

    func changePool(_ call: PVECall) throws -> Value {
        let id = call["poolid"] ?? ""
        guard pools[id] != nil else {
            throw PVEFailure("update pools failed: pool '\(id)' does not exist")
        }
        if let comment = call["comment"] { pools[id] = comment }
        for vmid in call.arguments.list("vms").compactMap({ Int($0) }) {
            guests[vmid]?.pool = call.flag("delete") ? nil : id
        }
        return .null
    }
}
