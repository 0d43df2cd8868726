extension Value {
    /// Characters of a value that a report shows; more are cut off.
    private static let limit = 100

    /// One short line for people: names for what is not known yet, no control characters.
    package var inline: String { line.windowed(from: 0, length: Self.limit) }

    /// Two different values, shortened in such a way that the difference is still seen.
    package static func contrasted(_ left: Value, _ right: Value) -> (String, String) {
        let (left, right) = (left.line, right.line)
        guard max(left.count, right.count) > limit else { return (left, right) }
        let same = zip(left, right).prefix { $0 == $1 }.count
        // Some of what is equal shows where the difference is.
        let start = max(0, same - limit / 4)
        return (
            left.windowed(from: start, length: limit), right.windowed(from: start, length: limit)
        )
    }

    /// "12 → 10".
    package static func transition(from left: Value?, to right: Value?) -> String {
        let (left, right) = contrasted(left ?? .null, right ?? .null)
        return "\(left) → \(right)"
    }

    /// The whole value on one line.
    private var line: String {
        switch self {
        case .null: "(none)"
        case .string(let text): text.isEmpty ? "\"\"" : text.onOneLine
        case .list(let values): "[\(values.map(\.line).joined(separator: ", "))]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\($0.key.onOneLine): \($0.value.line)" }.joined(separator: ", ") + "}"
        case .template: "(known after \(sources))"
        default: plainText
        }
    }

    /// What a template waits for.
    private var sources: String {
        Set(references.map(\.address.description) + ephemerals.map(\.description)).sorted()
            .joined(separator: ", ")
    }
}

extension String {
    /// Line ends as ⏎, other control characters as �: a value from outside must not reach the
    /// terminal as a command.
    package var onOneLine: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        let lines = replacing("\r\n", with: "\n")
        return String(
            String.UnicodeScalarView(
                lines.unicodeScalars.map { scalar in
                    scalar == "\n" ? "⏎" : scalar.isControl ? "\u{FFFD}" : scalar
                }))
    }

    /// `length` characters from `start` on, with an ellipsis for what is left out on each side.
    fileprivate func windowed(from start: Int, length: Int) -> String {
        let part = dropFirst(start)
        let (head, tail) = (start > 0 ? "…" : "", part.count > length ? "…" : "")
        return head + part.prefix(length) + tail
    }
}

extension Unicode.Scalar {
    /// C0 and C1 controls, and what turns the direction of writing.
    fileprivate var isControl: Bool {
        properties.generalCategory == .control || (0x202A...0x202E).contains(value)
            || (0x2066...0x2069).contains(value)
    }
}
