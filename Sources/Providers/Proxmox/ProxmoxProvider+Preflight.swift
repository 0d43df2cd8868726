package import Resources

extension ProxmoxProvider {
    /// Looks at everything that new guests need, before the first of them is begun: a guest that
    /// fails half-way leaves work to undo.
    package func preflight(creating desired: [Resource]) async throws {
        let guests = desired.filter { GuestType($0.address.kind) != nil }
        guard let first = guests.first else { return }
        let findings = await examine(for: desired, areNew: true)
        try Task.checkCancellation()
        let firewall = desired.first { $0.address.kind == ResourceKind.proxmoxFirewall.name }
        for finding in findings where finding.grade == .warning {
            let remedy = finding.remedy.map { " \($0)" } ?? ""
            progress.progress((firewall ?? first).address, "\(finding.detail).\(remedy)")
        }
        try refuse(findings, beginning: guests.map(\.address))
    }

    /// Looks at what changes in place need: privileges for exactly the options that change, room
    /// for disks that grow, bridges.
    package func preflight(
        changing updates: [PlannedUpdate], deleting observed: [ObservedResource]
    ) async throws {
        var needs = ChangeNeeds(updates, deleting: observed)
        let addresses = updates.map(\.observed.address) + observed.map(\.address)
        let findings = await look("Proxmox storage", "look at what the changes need") {
            for growth in needs.growths where growth.storage == nil {
                needs.place(growth, on: try await storage(of: growth))
            }
            return try await privileges(needs.privileges) + places(for: needs)
        }
        try Task.checkCancellation()
        try refuse(findings, beginning: addresses)
    }

    /// Where the disk that grows is.
    private func storage(of growth: ChangeNeeds.Growth) async throws -> String {
        let disk = try await guests.find(growth.guest)?.1.settled(growth.disk) ?? ""
        return String(disk.prefix { $0 != ":" })
    }

    private func refuse(_ findings: [Finding], beginning addresses: [Address]) throws {
        let faults = findings.filter { $0.grade == .bad }
        guard !faults.isEmpty else { return }
        let isForbidden = faults.contains { $0.subject == Self.tokenSubject }
        throw ProviderError(
            isForbidden ? .forbidden(permission: nil) : .invalid, provider: .proxmox,
            action: "begin with \(addresses.map(\.description).joined(separator: ", "))",
            detail: faults.map(\.detail).joined(separator: "; "),
            remedy: faults.compactMap(\.remedy).joined(separator: "\n"))
    }

    /// The storages of disks that grow, with room for all of them, and the guests' bridges.
    private func places(for needs: ChangeNeeds) async throws -> [Finding] {
        var findings: [Finding] = []
        for (node, growths) in Dictionary(grouping: needs.growths, by: \.node).sorted(by: {
            $0.key < $1.key
        }) {
            let rows = try await api.get("/nodes/\(node)/storage")
            let byStorage = Dictionary(grouping: growths) { $0.storage ?? "" }
            for (storage, growths) in byStorage.sorted(by: { $0.key < $1.key }) {
                let contents = Set(growths.map { $0.type == .qemu ? "images" : "rootdir" })
                findings.append(Self.storage(storage, on: node, among: rows, for: contents))
                let bytes = growths.map(\.gibibytes).reduce(0, +) << 30
                findings += [Self.room(on: storage, of: node, among: rows, for: bytes)]
                    .compactMap(\.self)
            }
        }
        for (node, bridges) in needs.bridges.sorted(by: { $0.key < $1.key }) {
            let rows = try await api.get("/nodes/\(node)/network", ["type": "any_bridge"])
            findings += bridges.sorted().map { Self.bridge($0, on: node, among: rows) }
        }
        return findings
    }

    /// `nil` when there is room, or when the storage does not tell.
    static func room(
        on storage: String, of node: String, among rows: Value, for bytes: Int
    ) -> Finding? {
        let row = (rows.list ?? []).first { $0["storage"]?.string == storage }
        guard let free = row?["avail"]?.integer, free < bytes else { return nil }
        return .bad(
            "Proxmox storage",
            "\(storage) on \(node) has \(free >> 20) MiB free, not \(bytes >> 20) MiB",
            remedy: "Free some room on \(storage), or choose another storage in launch.yaml.")
    }
}
