package import Resources

extension ProxmoxProvider: SelfExamining {
    /// Reaches the server, and asks for its version, for what the token may do, and for the
    /// storages, bridges and nodes that the specs name.
    package func examine(for desired: [Resource]) async -> [Finding] {
        await examine(for: desired, areNew: false)
    }

    /// - Parameter areNew: whether the guests are yet to be made, and need room.
    func examine(for desired: [Resource], areNew: Bool) async -> [Finding] {
        let version: ProxmoxVersion
        do {
            version = try await explaining("reach Proxmox VE", nil) { try await api.version() }
        } catch {
            return [.bad("Proxmox VE", error)]
        }
        let needs = Needs(desired, areNew: areNew)
        async let token = look(Self.tokenSubject, "ask for the token's privileges") {
            try await privileges(for: needs, on: version)
        }
        async let storage = look("Proxmox storage", "find a place for the guests") {
            try await places(for: needs, version)
        }
        async let identifiers = look("Proxmox VMIDs", "find a free VMID") {
            try await freeIdentifier(for: needs)
        }
        async let firewall = look("Proxmox firewall", "look at the cluster's firewall") {
            try await clusterFirewall()
        }
        return await suitability(of: version, for: needs) + token + storage + identifiers + firewall
    }

    func look(
        _ subject: String, _ action: String, _ look: () async throws -> [Finding]
    ) async -> [Finding] {
        await Finding.of(subject) { try await explaining(action, nil, look) }
    }

    // MARK: - Version

    private func suitability(of version: ProxmoxVersion, for needs: Needs) -> [Finding] {
        let tooOld = needs.types.filter { version < $0.minimumVersion }
        guard !tooOld.isEmpty else {
            return [.good("Proxmox VE", "version \(version) at \(api.connection.endpoint)")]
        }
        return tooOld.map { type in
            .bad(
                "Proxmox VE", "version \(version); \(type.requirement)",
                remedy: type.remedyForOldVersion)
        }
    }

    // MARK: - Places

    /// Each storage and bridge on the nodes where guests would go, and the templates of their
    /// systems.
    private func places(
        for needs: Needs, _ version: ProxmoxVersion
    ) async throws -> [Finding] {
        guard !needs.guests.isEmpty else { return [] }
        let rows = try await api.get("/cluster/resources")
        let placement = Placement()
        let places = try needs.guests.map { ($0, try placement.place($0, among: rows).node) }
        var findings: [Finding] = []
        for (node, guests) in Dictionary(grouping: places, by: \.1).sorted(by: { $0.key < $1.key })
        {
            async let storages = api.get("/nodes/\(node)/storage")
            async let bridges = api.get("/nodes/\(node)/network", ["type": "any_bridge"])
            for (name, contents) in needs.contents.sorted(by: { $0.key < $1.key }) {
                findings.append(
                    Self.storage(name, on: node, among: try await storages, for: contents))
            }
            for bridge in needs.bridges.sorted() {
                findings.append(Self.bridge(bridge, on: node, among: try await bridges))
            }
            guard needs.areNew, findings.allSatisfy({ $0.grade != .bad }) else { continue }
            findings += try await suitability(of: node, for: needs, beside: version)
            findings += await images(
                for: guests.map(\.0), on: node, among: try await storages)
        }
        return findings
    }

    /// The nodes of a cluster may be of several versions while it is being updated.
    /// - Parameter first: the version that the endpoint has, of which is told already.
    private func suitability(
        of node: String, for needs: Needs, beside first: ProxmoxVersion
    ) async throws -> [Finding] {
        let version = try await api.version(of: node)
        let tooOld = needs.types.filter {
            version < $0.minimumVersion && first >= $0.minimumVersion
        }
        return tooOld.map { type in
            .bad(
                "Proxmox VE", "node \(node) has version \(version); \(type.requirement)",
                remedy: type.remedyForOldVersion)
        }
    }

    /// What the guests are made from: there, or to be had, with room for it.
    private func images(
        for desired: [Resource], on node: String, among storages: Value
    ) async -> [Finding] {
        let sources = Set(desired.compactMap(ImageSource.init)).sorted { $0.order < $1.order }
        var findings: [Finding] = []
        for source in sources {
            findings += await look("Proxmox image", "find \(source.name)") {
                let image = try CloudImage(named: source.name)
                let store = guests.store(node, source.storage)
                let size = try await store.look(for: image, of: source.type) ?? 0
                return [Self.room(on: source.storage, of: node, among: storages, for: size)]
                    .compactMap(\.self)
            }
        }
        return findings
    }

    /// Proxmox proposes none when its datacenter's range is used up.
    private func freeIdentifier(for needs: Needs) async throws -> [Finding] {
        guard needs.areNew else { return [] }
        _ = try await api.get("/cluster/nextid")
        return []
    }

    static func storage(
        _ name: String, on node: String, among rows: Value, for needed: Set<String>
    ) -> Finding {
        let row = (rows.list ?? []).first { $0["storage"]?.string == name }
        guard let row else {
            return .bad(
                "Proxmox storage", "node \(node) has no \"\(name)\" that the token may use",
                remedy: "Correct `storage` or `image_storage` in launch.yaml, or grant "
                    + "Datastore.Audit on /storage/\(name).")
        }
        let contents = (row["content"]?.string ?? "").split(separator: ",").map(String.init)
        let missing = needed.subtracting(contents).sorted()
        guard missing.isEmpty else {
            let all = (contents + missing).joined(separator: ",")
            return .bad(
                "Proxmox storage",
                "\(name) on \(node) is not enabled for \(missing.joined(separator: ", "))",
                remedy: "Run `pvesm set \(name) --content \(all)` on a node.")
        }
        return .good(
            "Proxmox storage", "\(name) on \(node) takes \(needed.sorted().joined(separator: ", "))"
        )
    }

    static func bridge(_ name: String, on node: String, among rows: Value) -> Finding {
        let names = (rows.list ?? []).compactMap { $0["iface"]?.string }.sorted()
        guard names.contains(name) else {
            return .bad(
                "Proxmox network", "node \(node) has no bridge \"\(name)\" that the token may use",
                remedy: names.isEmpty
                    ? "Grant SDN.Use on /sdn/zones/localnetwork/\(name) to the token."
                    : "Set `targets.proxmox.bridge` to one of: \(names.joined(separator: ", ")).")
        }
        return .good("Proxmox network", "\(name) on \(node)")
    }

    // MARK: - Firewall

    /// While the cluster's firewall is off, no guest's rules have an effect. Launch leaves it
    /// alone: turning it on closes the hosts themselves.
    private func clusterFirewall() async throws -> [Finding] {
        let subject = "Proxmox firewall"
        let options: Value
        do {
            options = try await api.get("/cluster/firewall/options")
        } catch let failure as ProxmoxFailure {
            guard case .forbidden = failure.reason else { throw failure }
            return [
                .warning(
                    subject, "the token may not see whether the cluster's firewall is on",
                    remedy: "Grant Sys.Audit on / to the token and to its user.")
            ]
        }
        guard options["enable"]?.integer == 1 else {
            return [
                .warning(
                    subject, "the cluster's firewall is off, so guests' rules have no effect",
                    remedy: "Turn it on under Datacenter › Firewall › Options, after a rule that "
                        + "lets you in yourself: it closes the hosts as well.")
            ]
        }
        return [.good(subject, "the cluster's firewall is on")]
    }
}

/// An image of a system, on a storage.
private struct ImageSource: Hashable {
    let type: GuestType
    let name: String
    let storage: String

    init?(_ desired: Resource) {
        guard let type = GuestType(desired.address.kind), let name = desired["image"]?.string,
            let storage = desired["image_storage"]?.string
        else { return nil }
        (self.type, self.name, self.storage) = (type, name, storage)
    }

    var order: String { [name, type.rawValue, storage].joined(separator: " ") }
}
