/// The filters and the order that a list of records was asked for.
struct DNSRecordFilter {
    private let conditions: [(SimulatedDNSRecord) -> Bool]
    private let isAny: Bool
    private let order: String
    private let isDescending: Bool

    /// - Throws: `CloudflareRefusal` when a value is not one of those allowed.
    init(_ parameters: [String: String]) throws {
        conditions = try parameters.compactMap { try Self.condition($0.key, $0.value) }
        isAny = try Self.choice("match", ["all", "any"], parameters) == "any"
        isDescending = try Self.choice("direction", ["asc", "desc"], parameters) == "desc"
        order = try Self.choice("order", ["type", "name", "content", "ttl", "proxied"], parameters)
    }

    func apply(to records: [SimulatedDNSRecord]) -> [SimulatedDNSRecord] {
        let found = records.filter { record in
            guard !conditions.isEmpty else { return true }
            return isAny
                ? conditions.contains { $0(record) } : conditions.allSatisfy { $0(record) }
        }.sorted { (key($0), $0.name, $0.id) < (key($1), $1.name, $1.id) }
        return isDescending ? found.reversed() : found
    }

    private func key(_ record: SimulatedDNSRecord) -> String {
        switch order {
        case "name": record.name
        case "content": record.content
        case "ttl": String(1_000_000 + record.ttl)
        case "proxied": String(record.proxied)
        default: record.type
        }
    }

    private static func choice(
        _ name: String, _ allowed: [String], _ parameters: [String: String]
    ) throws -> String {
        let value = parameters[name] ?? allowed[0]
        guard allowed.contains(value) else {
            throw CloudflareRefusal(400, 1000, "Invalid value for \(name)")
        }
        return value
    }

    /// Comment and name filters do not regard case.
    private static func condition(
        _ name: String, _ value: String
    ) throws -> ((SimulatedDNSRecord) -> Bool)? {
        let wished = value.lowercased()
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        switch (parts.first ?? "", parts.count == 2 ? parts[1] : "exact") {
        case ("comment", "present"): return { $0.comment != nil }
        case ("comment", "absent"): return { $0.comment == nil }
        case ("comment", let comparison):
            return try text(comparison, wished) { $0.comment?.lowercased() ?? "" }
        case ("name", let comparison): return try text(comparison, wished) { $0.name }
        case ("content", let comparison):
            return try text(comparison, wished) { $0.content.lowercased() }
        case ("type", "exact"): return { $0.type == value.uppercased() }
        case ("proxied", "exact"): return { String($0.proxied) == wished }
        case ("search", "exact"):
            return { record in
                [record.name, record.content, record.comment ?? ""]
                    .contains { $0.lowercased().contains(wished) }
            }
        default: return nil
        }
    }

    private static func text(
        _ comparison: String, _ wished: String, of text: @escaping (SimulatedDNSRecord) -> String
    ) throws -> (SimulatedDNSRecord) -> Bool {
        switch comparison {
        case "exact": { text($0) == wished }
        case "contains": { text($0).contains(wished) }
        case "startswith": { text($0).hasPrefix(wished) }
        case "endswith": { text($0).hasSuffix(wished) }
        default: throw CloudflareRefusal(400, 1000, "Invalid filter \(comparison)")
        }
    }
}
