package import Resources

extension Value {
    /// The value as an HCL expression on one line.
    /// - Parameter order: puts an object's keys in order; by name if left out.
    package func hclText(order: (String, String) -> Bool = { $0 < $1 }) -> String {
        switch self {
        case .list(let values):
            return "[\(values.map { $0.hclText(order: order) }.joined(separator: ", "))]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let pairs = members.sorted { order($0.key, $1.key) }
                .map { "\($0.key.hclKey) = \($0.value.hclText(order: order))" }
            return "{ \(pairs.joined(separator: ", ")) }"
        case .string(let text): return text.hclQuoted
        default: return jsonText()
        }
    }
}

extension String {
    /// Without quotes where it is a word, and none that begins something else.
    fileprivate var hclKey: String {
        isHCLIdentifier && self != "for" ? self : hclQuoted
    }

    /// As a quoted template without any interpolation.
    ///
    /// <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#quoted-templates>
    package var hclQuoted: String {
        var quoted = "\""
        let scalars = Array(unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let beginsExpression = index + 1 < scalars.count && scalars[index + 1] == "{"
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "$" where beginsExpression: quoted += "$$"
            case "%" where beginsExpression: quoted += "%%"
            case _ where scalar.properties.generalCategory == .control:
                quoted += scalar.hclEscaped
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Unicode.Scalar {
    /// `\u001B`
    fileprivate var hclEscaped: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
