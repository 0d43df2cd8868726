import Resources

/// One rule of a guest's firewall.
struct FirewallRule: Hashable, Sendable {
    /// Everything that Proxmox tells of the rule but its place and its comment.
    let options: [String: String]
    let comment: String

    /// A rule as `GET …/firewall/rules` tells it.
    init(_ row: Value) {
        var options: [String: String] = [:]
        for (key, value) in row.object ?? [:]
        where !["pos", "digest", "comment", "ipversion"].contains(key) {
            options[key] = value.plainText
        }
        options["enable"] = options["enable"] ?? "0"
        self.options = options
        comment = trimmed(row["comment"]?.string ?? "")
    }

    /// The `number`-th rule (from 1) of a service, from its attribute.
    init(_ attribute: Value, number: Int, of service: String) {
        options = (attribute.object ?? [:]).mapValues(\.plainText)
        comment = Self.prefix(service) + String(number)
    }

    static func prefix(_ service: String) -> String { "\(mark)\(service)/" }

    /// What the comments of Launch's own begin with. A guest is one service's, and keeps its rules
    /// when that is renamed.
    static let mark = "launch:"

    var isOwn: Bool { comment.hasPrefix(Self.mark) }

    /// The rule as an attribute: only its options, all text.
    var attribute: Value { .object(options.mapValues { .string($0) }) }

    var parameters: Parameters { options.merging(["comment": comment]) { $1 } }
}

/// One step towards the wished rules.
enum FirewallStep: Hashable {
    /// Proxmox inserts always at the top.
    case insert(FirewallRule)
    case remove(position: Int)

    /// The next step, or `nil` when the rules are as wished.
    ///
    /// New rules are put above old ones before those are removed, so that no traffic that is
    /// allowed before and after is refused in between. Rules of others are not touched.
    static func next(
        from rules: [FirewallRule], to wished: [FirewallRule]
    ) -> FirewallStep? {
        let own = rules.enumerated().filter(\.element.isOwn)
        let standing = (0...wished.count).last {
            $0 <= own.count && wished.suffix($0).elementsEqual(own.prefix($0).map(\.element))
        }
        let kept = standing ?? 0
        if kept < wished.count { return .insert(wished[wished.count - kept - 1]) }
        return own.count > kept ? own.last.map { .remove(position: $0.offset) } : nil
    }
}
