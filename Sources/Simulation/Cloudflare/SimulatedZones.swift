package import Resources

import Foundation

/// The account's zones with their records.
package final class SimulatedZones {
    private struct Zone {
        let id: String
        let name: String
        let createdOn: Date
        var records: [SimulatedDNSRecord] = []
        var settings = SimulatedZoneSettings()
        /// Those that a fresh world has.
        var original: Set<String> = []
    }

    /// Changes that one batch may hold on the Free plan.
    private static let batchLimit = 200

    private unowned let core: WorldCore
    private let accountID: String
    private let audit: SimulatedAuditLog
    private var zones: [Zone] = []
    /// Names of zones whose domain does not point at Cloudflare yet.
    package var pending: Set<String> = []

    init(_ core: WorldCore, accountID: String, audit: SimulatedAuditLog) {
        self.core = core
        self.accountID = accountID
        self.audit = audit
        for name in core.configuration.zones {
            zones.append(Zone(id: core.random.hexadecimal(32), name: name, createdOn: core.now))
            for fields in Self.originalRecords {
                addRecord(fields, zone: name)
            }
            zones[zones.count - 1].original = Set(zones[zones.count - 1].records.map(\.id))
        }
    }

    private static let originalRecords: [[String: Value]] = [
        ["type": "A", "name": "@", "content": "192.0.2.10", "proxied": true],
        ["type": "MX", "name": "@", "content": "mail.example.net", "priority": 10],
        ["type": "TXT", "name": "@", "content": "\"v=spf1 -all\"", "comment": "mail"],
    ]

    var addedRecordCount: Int {
        zones.reduce(0) { sum, zone in
            sum + zone.records.count { !zone.original.contains($0.id) }
        }
    }

    func answer(
        _ request: SimulatedRequest, _ segments: [String]
    ) throws -> SimulatedCloudflare.Result {
        guard let id = segments.first else {
            guard request.method == "GET" else { throw CloudflareRefusal.noRoute }
            return .init(try page(request.parameters))
        }
        guard let index = zones.firstIndex(where: { $0.id == id }) else {
            throw CloudflareRefusal.unknownIdentifier(request.path)
        }
        if segments.count == 1, request.method == "GET" { return .init(value(zones[index])) }
        if segments.count == 3, segments[1] == "settings" {
            return .init(try zones[index].settings.answer(request, segments[2], at: core.now))
        }
        guard segments.count > 1, segments[1] == "dns_records" else {
            throw CloudflareRefusal.noRoute
        }
        let rest = Array(segments.dropFirst(2))
        var changed = zones[index]
        let result = try recordsAnswer(request, rest, in: &changed)
        zones[index] = changed
        return result
    }
}

// MARK: - Zones

extension SimulatedZones {
    private func page(_ parameters: [String: String]) throws -> CloudflarePage {
        let statuses = ["active", "pending", "initializing", "moved"]
        if let status = parameters["status"], !statuses.contains(status) {
            throw CloudflareRefusal(400, 1000, "Invalid value for status")
        }
        let found = zones.filter { zone in
            (parameters["name"].map { Self.matches(zone.name, $0) } ?? true)
                && (parameters["status"].map { status(of: zone) == $0 } ?? true)
                && parameters["account.id"] ?? accountID == accountID
        }.sorted { $0.name < $1.name }
        return try CloudflarePage(
            of: found.map(value), parameters, sizes: 5...50, usual: 20,
            cap: core.configuration.pageSize)
    }

    /// `ends_with:example.com`; without an operator the whole name.
    private static func matches(_ name: String, _ condition: String) -> Bool {
        let parts = condition.lowercased().split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return name == condition.lowercased() }
        return switch parts[0] {
        case "equal": name == parts[1]
        case "not_equal": name != parts[1]
        case "starts_with": name.hasPrefix(parts[1])
        case "ends_with": name.hasSuffix(parts[1])
        case "contains": name.contains(parts[1])
        default: false
        }
    }

    private func status(of zone: Zone) -> String {
        pending.contains(zone.name) ? "pending" : "active"
    }

    private func value(_ zone: Zone) -> Value {
        [
            "id": .string(zone.id), "name": .string(zone.name),
            "status": .string(status(of: zone)), "paused": false, "type": "full",
            "development_mode": 0,
            "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
            "original_name_servers": [], "original_registrar": .null, "original_dnshost": .null,
            "created_on": zone.createdOn.timestamp, "modified_on": zone.createdOn.timestamp,
            "activated_on": zone.createdOn.timestamp,
            "owner": [
                "id": .string(accountID), "type": "organization", "name": "Simulated account",
            ],
            "account": ["id": .string(accountID), "name": "Simulated account"],
            "meta": ["step": 2, "custom_certificate_quota": 0, "page_rule_quota": 3],
            "plan": ["id": .string(zone.id), "name": "Free Website", "legacy_id": "free"],
        ]
    }
}

// MARK: - Resolving

extension SimulatedZones {
    static func holds(_ hostname: String, _ zone: String) -> Bool {
        hostname == zone || hostname.hasSuffix("." + zone)
    }

    /// True for a hostname of one of the zones.
    func serve(_ hostname: String) -> Bool { zones.contains { Self.holds(hostname, $0.name) } }

    /// `ssl` as it is for a host; `nil` outside of the zones.
    func setting(_ id: String, for host: String) -> String? {
        zones.filter { Self.holds(host, $0.name) }.max { $0.name.count < $1.name.count }?
            .settings[id]
    }

    func name(ofZone id: String) -> String? { zones.first { $0.id == id }?.name }

    /// What the edge does with a name; `nil` when nobody knows it.
    func proxiedTarget(of host: String) -> (type: String, content: String)? {
        let records = zones.filter { !pending.contains($0.name) }.flatMap(\.records)
        guard let name = name(answeringFor: host, Set(records.map(\.name))) else { return nil }
        return records.first { $0.name == name && $0.isProxiable && $0.proxied }
            .map { ($0.type, $0.content) }
    }

    /// The host's own name, or the wildcard below the nearest name that there is.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc4592#section-3.3.1>
    private func name(answeringFor host: String, _ names: Set<String>) -> String? {
        if names.contains(host) { return host }
        let labels = host.split(separator: ".")
        let parents = labels.indices.dropFirst().map { labels[$0...].joined(separator: ".") }
        let nearest = parents.first { parent in
            names.contains { $0 == parent || $0.hasSuffix(".\(parent)") }
        }
        return nearest.map { "*.\($0)" }.flatMap { names.contains($0) ? $0 : nil }
    }
}

// MARK: - Records

extension SimulatedZones {
    private func recordsAnswer(
        _ request: SimulatedRequest, _ segments: [String], in zone: inout Zone
    ) throws -> SimulatedCloudflare.Result {
        switch (request.method, segments.first) {
        case ("GET", nil):
            let records = try DNSRecordFilter(request.parameters).apply(to: zone.records)
            return .init(
                try CloudflarePage(
                    of: records.map(\.value), request.parameters, sizes: 1...5_000_000, usual: 100,
                    cap: core.configuration.pageSize))
        case ("POST", nil): return .init(try add(try request.fields, to: &zone).value)
        case ("POST", "batch"): return .init(try batch(try request.fields, in: &zone))
        case ("GET", let id?):
            guard let record = zone.records.first(where: { $0.id == id }) else {
                throw Self.noSuchRecord
            }
            return .init(record.value)
        case ("PATCH", let id?): return .init(try patch(id, try request.fields, in: &zone).value)
        case ("PUT", let id?):
            return .init(try replace(id, try request.fields, in: &zone).value)
        case ("DELETE", let id?):
            try remove(id, from: &zone)
            return .init(["id": .string(id)])
        default: throw CloudflareRefusal.noRoute
        }
    }

    private static let noSuchRecord = CloudflareRefusal(404, 81044, "Record does not exist.")

    @discardableResult
    private func add(_ fields: [String: Value], to zone: inout Zone) throws -> SimulatedDNSRecord {
        let record = try SimulatedDNSRecord(
            id: core.random.hexadecimal(32), fields, zone: zone.name, createdOn: core.now,
            now: core.now)
        try checkConflicts(record, in: zone)
        zone.records.append(record)
        return record
    }

    private func patch(
        _ id: String, _ fields: [String: Value], in zone: inout Zone
    ) throws -> SimulatedDNSRecord {
        guard let old = zone.records.first(where: { $0.id == id }) else { throw Self.noSuchRecord }
        return try replace(id, old.fields.merging(fields) { _, new in new }, in: &zone)
    }

    private func replace(
        _ id: String, _ fields: [String: Value], in zone: inout Zone
    ) throws -> SimulatedDNSRecord {
        guard let index = zone.records.firstIndex(where: { $0.id == id }) else {
            throw Self.noSuchRecord
        }
        let record = try SimulatedDNSRecord(
            id: id, fields, zone: zone.name, createdOn: zone.records[index].createdOn,
            now: core.now)
        try checkConflicts(record, in: zone)
        zone.records[index] = record
        return record
    }

    @discardableResult
    private func remove(_ id: String, from zone: inout Zone) throws -> SimulatedDNSRecord {
        guard let index = zone.records.firstIndex(where: { $0.id == id }) else {
            throw Self.noSuchRecord
        }
        return zone.records.remove(at: index)
    }

    /// A name holds one CNAME or several addresses, and no record twice.
    private func checkConflicts(_ record: SimulatedDNSRecord, in zone: Zone) throws {
        let others = zone.records.filter { $0.id != record.id && $0.name == record.name }
        if others.contains(where: { $0.type == record.type && $0.content == record.content }) {
            throw CloudflareRefusal(400, 81058, "An identical record already exists.")
        }
        if record.type == "CNAME", others.contains(where: \.isProxiable) {
            throw CloudflareRefusal(
                400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        }
        if record.isProxiable, others.contains(where: { $0.type == "CNAME" }) {
            throw CloudflareRefusal(400, 81054, "A CNAME record with that host already exists.")
        }
    }

    /// Deletes, patches, puts and posts, in this order, all or none.
    private func batch(_ body: [String: Value], in zone: inout Zone) throws -> Value {
        let steps = ["deletes", "patches", "puts", "posts"]
        let changes = steps.map { (body[$0]?.list ?? []).map { $0.object ?? [:] } }
        guard changes.reduce(0, { $0 + $1.count }) <= Self.batchLimit else {
            throw CloudflareRefusal(400, 81064, "Batch holds more than 200 changes.")
        }
        var results: [String: Value] = [:]
        for (step, changes) in zip(steps, changes) {
            results[step] = .list(
                try changes.map { fields in
                    let id = fields["id"]?.string ?? ""
                    switch step {
                    case "deletes": return try remove(id, from: &zone).value
                    case "patches": return try patch(id, fields, in: &zone).value
                    case "puts": return try replace(id, fields, in: &zone).value
                    default: return try add(fields, to: &zone).value
                    }
                })
        }
        return .object(results)
    }
}

// MARK: - Behind Launch's back

extension SimulatedZones {
    /// Adds a record as somebody else would.
    package func addRecord(_ fields: [String: Value], zone name: String) {
        guard let index = zones.firstIndex(where: { $0.name == name }) else { return }
        _ = try? add(fields, to: &zones[index])
    }

    /// Changes the records of that name, and answers how many there were.
    @discardableResult
    package func changeRecords(named name: String, _ fields: [String: Value]) -> Int {
        var count = 0
        for index in zones.indices {
            for record in zones[index].records where record.name == name {
                _ = try? patch(record.id, fields, in: &zones[index])
                audit.note("update", path(of: record, in: zones[index]))
                count += 1
            }
        }
        return count
    }

    /// Removes the records of that name and type.
    package func removeRecords(named name: String, type: String) {
        for index in zones.indices {
            for record in zones[index].records where record.name == name && record.type == type {
                audit.note("delete", path(of: record, in: zones[index]))
            }
            zones[index].records.removeAll { $0.name == name && $0.type == type }
        }
    }

    private func path(of record: SimulatedDNSRecord, in zone: Zone) -> String {
        "/zones/\(zone.id)/dns_records/\(record.id)"
    }

    /// Changes a setting: `ssl` to `flexible`.
    package func setSetting(_ id: String, to value: String, zone name: String) {
        for index in zones.indices where zones[index].name == name {
            zones[index].settings.set(id, to: value, at: core.now)
        }
    }

    /// Every record as the API shows it.
    package var records: [Value] { zones.flatMap(\.records).map(\.value) }
}
