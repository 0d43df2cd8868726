import Resources

/// A guest's own IP set: the networks of one rule, whatever their families.
///
/// Its name follows from its members, so that another list of networks is another set: rules go
/// over from one whole set to the other.
struct AddressSet: Hashable, Sendable {
    let name: String
    let networks: [String]

    private static let prefix = "launch-"

    init(_ networks: [String], _ digests: any Digesting) {
        self.networks = networks
        let digest = digests.sha256Hexadecimal(networks.joined(separator: "\n"))
        name = Self.prefix + String(digest.prefix(12))
    }

    /// How a rule refers to it.
    var source: String { "+guest/\(name)" }

    /// The name in a rule's `source`, when that is such a set.
    static func name(in source: String?) -> String? {
        guard let source, source.hasPrefix("+guest/\(prefix)") else { return nil }
        return String(source.dropFirst("+guest/".count))
    }

    /// The comment that marks the sets of a service.
    static func comment(_ service: String) -> String { FirewallRule.prefix(service) + suffix }
    private static let suffix = "set"

    /// True for a row of `GET …/firewall/ipset` that is Launch's.
    static func isOwn(_ row: Value) -> Bool {
        let comment = trimmed(row["comment"]?.string ?? "")
        return row["name"]?.string?.hasPrefix(prefix) == true
            && comment.hasPrefix(FirewallRule.mark) && comment.hasSuffix(suffix)
    }

    /// Sorted, each once, as Proxmox writes them: a single address without its prefix length.
    static func canonical(_ networks: [Value]) -> Value {
        let texts = networks.map { network in
            let text = network.plainText
            let single = text.contains(":") ? "/128" : "/32"
            return text.hasSuffix(single) ? String(text.dropLast(single.count)) : text
        }
        return .list(Set(texts).sorted().map { .string($0) })
    }
}
