import Resources

extension Value {
    /// One line for people: names for what is not known yet, quotes only where they help.
    var inline: String {
        switch self {
        case .null: "–"
        case .string(let text): text.isEmpty ? "\"\"" : text.replacing("\n", with: "⏎")
        case .list(let values): "[\(values.map(\.inline).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.inline)" }.joined(separator: ", "))}"
        case .template:
            "(known after \(Set(references.map(\.address.description)).sorted().joined(separator: ", ")))"
        default: plainText
        }
    }
}
