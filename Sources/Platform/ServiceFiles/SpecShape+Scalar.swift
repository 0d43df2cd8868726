import Resources

extension SpecShape {
    /// What a scalar means in this shape; `nil` when it does not fit. Sizes become MiB.
    ///
    /// - Parameter isText: false for a number, a boolean or nothing.
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
