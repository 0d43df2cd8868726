import HTTP
import Resources

/// The verbs for `cloudflare.dns_record`. A record is ours by its comment.
struct DNSRecords: Sendable {
    let api: CloudflareAPI
    let zones: ZoneDirectory
    let writes: ZoneWrites

    static let kind = KindName(.cloudflare, "dns_record")
    static let permission = "Zone › DNS: Edit"

    /// The marked records of the zones that hold `hostnames`: one request a thousand records.
    func observe(_ scope: Scope, hostnames: Set<String>) async throws -> [ObservedResource] {
        try await purpose("list the DNS records", nil).run {
            let mark = Self.mark(of: "", in: scope.project)
            let relevant = try await zones.zones(of: hostnames)
            let marked = try await relevant.concurrentMap { zone in
                let query = [("comment.startswith", mark), ("order", "name")]
                return try await api.list(zone.records, query, perPage: 1000)
            }
            var found: [Address: ObservedResource] = [:]
            let known = Set(scope.recorded.map(\.id))
            for record in marked.joined().compactMap(DNSRecord.init)
            where record.occupiesName && record.comment.hasPrefix(mark) {
                let service = String(record.comment.dropFirst(mark.count))
                let observed = record.observed(for: service)
                guard scope.includes(service) else { continue }
                if found[observed.address] == nil || known.contains(record.id) {
                    found[observed.address] = observed
                }
            }
            for observed in try await unmarked(in: scope, beyond: found) {
                found[observed.address] = observed
            }
            return found.values.sorted { $0.address < $1.address }
        }
    }

    func create(_ desired: Resource) async throws -> ObservedResource {
        try await place(desired, over: nil, for: purpose("create the DNS record", desired.address))
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        let purpose = purpose("change the DNS record", desired.address)
        return try await place(desired, over: observed.id, for: purpose)
    }

    func delete(_ observed: ObservedResource) async throws {
        let purpose = purpose("delete the DNS record", observed.address)
        try await purpose.run {
            let zone = try await zones.zone(of: hostname(observed.address), for: purpose)
            _ = try await writes.submit(.remove(id: observed.id), in: zone)
        }
    }

    func purpose(_ action: String, _ address: Address?) -> Purpose {
        Purpose(action: action, address: address, permission: Self.permission)
    }

    /// The comment of a service's records.
    static func mark(of service: String, in project: String) -> String {
        "launch:\(project)/\(service)"
    }

    func hostname(_ address: Address) -> String { Self.hostname(address) }

    /// The key is the hostname, for an AAAA record with the type behind it.
    static func hostname(_ address: Address) -> String {
        canonicalHostname(String((address.key ?? "").prefix { $0 != "/" }))
    }

    static func key(_ hostname: String, type: String) -> String {
        type == "AAAA" ? "\(hostname)/\(type)" : hostname
    }
}

// MARK: - Observing

extension DNSRecords {
    /// Recorded records whose mark was taken off by a stranger: one read each.
    private func unmarked(
        in scope: Scope, beyond found: [Address: ObservedResource]
    ) async throws -> [ObservedResource] {
        let known = Set(found.values.map(\.id))
        let missing = scope.recorded.filter {
            $0.address.kind == Self.kind && scope.includes($0.address.service)
                && found[$0.address] == nil && !known.contains($0.id)
        }
        return try await missing.concurrentMap { recorded -> ObservedResource? in
            guard let zone = try await zones.find(hostname(recorded.address)) else { return nil }
            let record = try await find(recorded.id, in: zone)?
                .observed(for: recorded.address.service)
            return record?.address == recorded.address ? record : nil
        }.compactMap { $0 }
    }
}

// MARK: - Placing

extension DNSRecords {
    /// Makes the record be as desired, whatever of ours has the name now.
    ///
    /// - Parameter id: The record known to be ours, also when its mark is gone.
    /// - Throws: `ProviderError` with `.conflict` when a foreign record has the name.
    private func place(
        _ desired: Resource, over id: String?, for purpose: Purpose
    ) async throws -> ObservedResource {
        try await purpose.run {
            let name = hostname(desired.address)
            let zone = try await zones.zone(of: name, for: purpose)
            let placement = RecordPlacement(name: name, fields: Self.wanted(desired), id: id)
            do {
                guard let record = try await writes.submit(.place(placement), in: zone) else {
                    throw ProviderError(
                        .unavailable, provider: .cloudflare, address: purpose.address,
                        action: purpose.action, detail: "the answer lacks the record")
                }
                return record.observed(for: desired.address.service)
            } catch let conflict as RecordConflict {
                throw Self.conflict(with: conflict.record, purpose)
            }
        }
    }

    /// Every owned field in canonical form.
    private static func wanted(_ desired: Resource) -> [String: Value] {
        var wanted: [String: Value] = [:]
        for field in ResourceKind.cloudflareDNSRecord.fields where field.isComparable {
            wanted[field.name] = field.normalised(desired[field.name])
        }
        if wanted["proxied"] == true { wanted["ttl"] = 1 }
        return wanted
    }

    private static func conflict(with record: DNSRecord, _ purpose: Purpose) -> ProviderError {
        let owner = record.comment.isEmpty ? "" : ", commented “\(record.comment)”"
        return ProviderError(
            .conflict, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: "\(record.name) already has a record that this service does not own: "
                + "\(record.type) \(record.content) (id \(record.id)\(owner))",
            remedy: "Remove that record, or choose another hostname.")
    }
}
