import Resources

/// The rules of one guest, or of the cluster.
struct PVEFirewall: Hashable {
    var options: [String: String] = [:]
    /// The first matches first; a rule has no id but its place.
    var rules: [[String: String]] = []
    var sets: [String: AddressSet] = [:]

    struct AddressSet: Hashable {
        var comment: String?
        /// By address: the entry's other fields.
        var entries: [String: [String: String]] = [:]
    }

    /// 40 hexadecimal digits that change with the content.
    func digest(_ digests: any Digesting) -> String {
        func text(_ fields: [String: String]) -> String {
            fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
        let lines =
            [text(options)] + rules.map(text)
            + sets.sorted { $0.key < $1.key }.map { name, set in
                let entries = set.entries.sorted { $0.key < $1.key }
                return "\(name) \(set.comment ?? "") "
                    + entries.map { "\($0.key) \(text($0.value))" }
                    .joined(separator: ";")
            }
        return String(digests.sha256Hexadecimal(lines.joined(separator: "\n")).prefix(40))
    }

    /// Moves a rule to just before the one that is at `target` now, or to the end.
    mutating func moveRule(_ position: Int, to target: Int) {
        let rule = rules.remove(at: position)
        rules.insert(rule, at: min(target > position ? target - 1 : target, rules.count))
    }
}
