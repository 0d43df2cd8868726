package import Resources

extension CloudflareProvider: Discovering {
    /// One list of each zone's records and one of the account's tunnels.
    package func lookalikes(of desired: [Resource]) async throws -> [Lookalike] {
        try await records.lookalikes(of: desired.filter { $0.address.kind == DNSRecords.kind })
            + tunnels.lookalikes(of: desired.filter { $0.address.kind == Tunnels.kind })
    }
}

extension DNSRecords {
    fileprivate func lookalikes(of desired: [Resource]) async throws -> [Lookalike] {
        try await purpose("look for records that may be adopted", nil).run {
            let zones = try await zones.zones(of: desired.map { hostname($0.address) })
            let listed = try await zones.concurrentMap { zone in
                try await api.list(zone.records, [("order", "name")], perPage: 1000)
            }
            let strangers = listed.joined().compactMap(DNSRecord.init).filter {
                $0.occupiesName && !$0.comment.hasPrefix("launch:")
            }
            return desired.flatMap { resource in
                strangers.filter {
                    $0.observed(for: resource.address.service).address == resource.address
                }.map { Lookalike(resource.address, id: $0.id, name: "\($0.type) \($0.content)") }
            }
        }
    }
}

extension Tunnels {
    fileprivate func lookalikes(of desired: [Resource]) async throws -> [Lookalike] {
        guard !desired.isEmpty else { return [] }
        return try await purpose("look for tunnels that may be adopted", nil).run {
            let names = desired.flatMap { hostnames($0["ingress"]) }
            guard let account = try await account(for: names) else { return [] }
            let listed = try await api.list(
                path(account), [("is_deleted", "false"), ("exclude_prefix", "launch-")],
                perPage: 1000)
            let strangers = listed.compactMap { Found($0, account, of: "") }
                .filter { !$0.isLocallyManaged }
            return Stranger.lookalikes(
                among: strangers.map { Stranger(id: $0.id, names: [$0.name]) }, of: desired)
        }
    }
}
