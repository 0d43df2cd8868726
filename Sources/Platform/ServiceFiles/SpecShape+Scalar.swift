import Resources
import Yams

extension SpecShape {
    /// What a scalar means in this shape; `nil` when it does not fit. Sizes become MiB.
    ///
    /// - Parameter isText: false for what YAML takes for a number, a boolean or nothing.
    func value(of text: String, isText: Bool) -> Value? {
        switch self {
        case .text(let rule): return isText && rule.accepts(text) ? .string(text) : nil
        case .choice(let names): return names.contains(text) ? .string(text) : nil
        case .integer(let range):
            guard text.allSatisfy(\.isASCIIDigit) else { return nil }
            return Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .boolean: return ["true": true, "false": false][text].map(Value.boolean)
        case .size(let rule): return rule.mebibytes(text).map(Value.integer)
        case .networkBlock: return NetworkBlock(text).map { .string($0.canonical) }
        case .either(let scalar, _): return scalar.value(of: text, isText: isText)
        case .list, .mapping: return nil
        }
    }

    /// What was probably meant, to end a message with; empty when there is no telling.
    func advice(for text: String, isText: Bool) -> String {
        if case .text(let rule) = self, !isText, rule.accepts(text) {
            return "; write \"\(text)\" with its quotes"
        }
        return suggestion(for: text).map { "; did you mean \($0)?" } ?? ""
    }

    private func suggestion(for text: String) -> String? {
        switch self {
        case .choice(let names): nearestMatch(to: text, among: names)
        case .size(let rule): rule.suggestion(for: text)
        case .networkBlock: NetworkBlock.suggestion(for: text)
        case .boolean:
            [
                "yes": "true", "on": "true", "y": "true", "1": "true",
                "no": "false", "off": "false", "n": "false", "0": "false",
            ][text.lowercased()] ?? nearestMatch(to: text, among: ["true", "false"])
        case .either(let scalar, _): scalar.suggestion(for: text)
        case .text, .integer, .list, .mapping: nil
        }
    }
}

extension Node {
    /// What the node is, to follow "not".
    var kind: String {
        switch self {
        case .scalar where isNull: "empty"
        case .scalar(let scalar) where isText: "\"\(scalar.string.onOneLine)\""
        case .scalar(let scalar): scalar.string.onOneLine
        case .mapping: "a mapping"
        case .sequence(let nodes) where nodes.isEmpty: "an empty list"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// True for an empty value, `null` and `~`.
    var isNull: Bool { tag.rawValue == Tag.Name.null.rawValue }

    /// True for a scalar that YAML 1.2 takes for text and not for a number or a boolean.
    ///
    /// The parser follows YAML 1.1, where `on`, `no` and the like are booleans, too.
    var isText: Bool {
        switch tag.rawValue {
        case Tag.Name.bool.rawValue: !["true", "false"].contains(string?.lowercased())
        case Tag.Name.int.rawValue, Tag.Name.float.rawValue, Tag.Name.null.rawValue: false
        default: true
        }
    }
}

extension String {
    /// Shortened and without line ends, to stand in a message.
    fileprivate var onOneLine: String {
        let line = split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 60 ? "\(line.prefix(60))…" : line
    }
}
