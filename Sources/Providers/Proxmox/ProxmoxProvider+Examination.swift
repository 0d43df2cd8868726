package import Resources

extension ProxmoxProvider: SelfExamining {
    /// Reaches the server, and asks for its version, for what the token may do, and for the
    /// storages, bridges and nodes that the specs name.
    package func examine(for desired: [Resource]) async -> [Finding] {
        let version: ProxmoxVersion
        do {
            version = try await explaining("reach Proxmox VE", nil) { try await api.version() }
        } catch {
            return [.bad("Proxmox VE", error)]
        }
        let needs = Needs(desired)
        async let token = look("Proxmox token", "ask for the token's privileges") {
            try await privileges(for: needs)
        }
        async let storage = look("Proxmox storage", "list storages and bridges") {
            try await places(for: needs)
        }
        async let firewall = look("Proxmox firewall", "look at the cluster's firewall") {
            try await clusterFirewall()
        }
        return await suitability(of: version, for: needs) + token + storage + firewall
    }

    private func look(
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
                "Proxmox VE",
                "version \(version); \(type == .qemu ? "VMs" : "containers") need "
                    + "\(type.minimumVersion) or later",
                remedy: type == .lxc
                    ? "Update Proxmox VE, or set `guest: vm`." : "Update Proxmox VE.")
        }
    }

    // MARK: - Privileges

    private func privileges(for needs: Needs) async throws -> [Finding] {
        let granted = try await api.get("/access/permissions")
        let lacking = needs.privileges.compactMap { path, privileges -> Finding? in
            let here = Self.effective(granted, at: path)
            let missing = privileges.filter { !here.contains($0) }.joined(separator: ", ")
            guard !missing.isEmpty else { return nil }
            return .bad(
                "Proxmox token", "\(api.connection.tokenName) lacks \(missing) on \(path)",
                remedy: "Grant \(missing) on \(path) to the token and to its user.")
        }
        guard lacking.isEmpty else { return lacking }
        return [.good("Proxmox token", "\(api.connection.tokenName) has every privilege it needs")]
    }

    /// What holds at `path`: the nearest entry at it or above it, above it only what propagates.
    private static func effective(_ granted: Value, at path: String) -> Set<String> {
        var place = path
        while true {
            if let entry = granted[place]?.object {
                return Set(entry.filter { place == path || $0.value.integer != 0 }.keys)
            }
            guard place != "/" else { return [] }
            place = "/" + place.split(separator: "/").dropLast().joined(separator: "/")
        }
    }

    // MARK: - Places

    /// Each storage and bridge on the node where the next guest would go.
    private func places(for needs: Needs) async throws -> [Finding] {
        guard !needs.nodes.isEmpty else { return [] }
        let rows = try await api.get("/cluster/resources", ["type": "node"])
        var findings: [Finding] = []
        for node in Set(try needs.nodes.map { try Placement.node($0, among: rows) }).sorted() {
            let storages = try await api.get("/nodes/\(node)/storage")
            findings += needs.contents.sorted { $0.key < $1.key }.map { name, contents in
                Self.storage(name, on: node, among: storages, for: contents)
            }
            let bridges = try await api.get("/nodes/\(node)/network", ["type": "any_bridge"])
            findings += needs.bridges.sorted().map { Self.bridge($0, on: node, among: bridges) }
        }
        return findings
    }

    private static func storage(
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

    private static func bridge(_ name: String, on node: String, among rows: Value) -> Finding {
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
