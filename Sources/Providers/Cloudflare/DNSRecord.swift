import HTTP
import Resources

/// A record as Cloudflare shows it, in canonical form.
struct DNSRecord: Hashable, Sendable {
    let id: String
    let name: String
    let type: String
    let content: String
    let proxied: Bool
    /// Seconds; 1 means automatic.
    let ttl: Int
    let comment: String

    init?(_ value: Value) {
        guard let id = value["id"]?.string, let name = value["name"]?.string,
            let type = value["type"]?.string
        else { return nil }
        self.id = id
        self.name = canonicalHostname(name)
        self.type = type.uppercased()
        content = canonicalHostname(value["content"]?.string ?? "")
        proxied = value["proxied"]?.boolean ?? false
        ttl = proxied ? 1 : value["ttl"]?.integer ?? 1
        comment = value["comment"]?.string ?? ""
    }

    /// The fields that Launch owns.
    var attributes: [String: Value] {
        [
            "type": .string(type), "content": .string(content), "proxied": .boolean(proxied),
            "ttl": .integer(ttl), "comment": .string(comment),
        ]
    }

    /// True when the name cannot be shared with it.
    var occupiesName: Bool { ["A", "AAAA", "CNAME", "NS"].contains(type) }

    /// True for the other half of a pair: an A and an AAAA record share a name.
    func standsBeside(_ type: Value?) -> Bool {
        ["A": "AAAA", "AAAA": "A"][self.type].map(Value.string) == type
    }

    func observed(for service: String) -> ObservedResource {
        ObservedResource(
            Address(
                service: service, kind: DNSRecords.kind,
                key: DNSRecords.key(name, type: type)), id: id,
            attributes: attributes.merging(["id": .string(id)]) { own, _ in own })
    }
}
