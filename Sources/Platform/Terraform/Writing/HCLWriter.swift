import HCL

/// Writes Terraform's language as `terraform fmt` leaves it: two blanks a level, and the equals
/// signs of successive one-line attributes below each other.
///
/// <https://developer.hashicorp.com/terraform/language/style>
enum HCLWriter {
    static func text(of block: HCLBlock) -> String { lines(of: block).joined(separator: "\n") }

    private static func lines(of block: HCLBlock) -> [String] {
        let head = ([block.type] + block.labels.map(\.hclQuoted)).joined(separator: " ")
        var body = lines(of: block.attributes)
        for inner in block.blocks {
            if !body.isEmpty { body.append("") }
            body += lines(of: inner)
        }
        return ["\(head) {"] + body.map(indented) + ["}"]
    }

    /// An attribute of several lines ends the row that is aligned.
    private static func lines(of attributes: [HCLAttribute]) -> [String] {
        var lines: [String] = []
        var row: [(name: String, value: String)] = []
        func endRow() {
            let width = row.map(\.name.count).max() ?? 0
            lines += row.map { name, value in
                name + String(repeating: " ", count: width - name.count) + " = " + value
            }
            row = []
        }
        for attribute in attributes {
            let name = attribute.name.isHCLIdentifier ? attribute.name : attribute.name.hclQuoted
            let value = self.lines(of: attribute.value)
            if value.count == 1 {
                row.append((name, value[0]))
            } else {
                endRow()
                lines.append("\(name) = \(value[0])")
                lines += value.dropFirst()
            }
        }
        endRow()
        return lines
    }

    private static func lines(of expression: HCLExpression) -> [String] {
        switch expression {
        case .string(let text): return [text.hclQuoted]
        case .integer(let number): return [String(number)]
        case .boolean(let flag): return [String(flag)]
        case .reference(let text): return [text]
        case .object(let attributes):
            guard !attributes.isEmpty else { return ["{}"] }
            return ["{"] + lines(of: attributes).map(indented) + ["}"]
        case .list(let elements):
            let parts = elements.map { lines(of: $0) }
            guard parts.contains(where: { $0.count > 1 }) else {
                return ["[" + parts.joined().joined(separator: ", ") + "]"]
            }
            return ["["] + parts.flatMap(element) + ["]"]
        case .json(let document):
            var inner = lines(of: document)
            inner[0] = "jsonencode(" + inner[0]
            inner[inner.count - 1] += ")"
            return inner
        }
    }

    private static func element(_ lines: [String]) -> [String] {
        var lines = lines
        lines[lines.count - 1] += ","
        return lines.map(indented)
    }

    private static func indented(_ line: String) -> String { line.isEmpty ? line : "  \(line)" }
}
