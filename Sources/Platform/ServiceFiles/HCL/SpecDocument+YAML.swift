import HCL
import Resources

extension SpecDocument {
    /// A spec that was read from HCL, as the text of a `service.yaml`: keys in their order, the
    /// comments above and beside them kept. Its values must have been read without an error.
    var yamlText: String {
        guard case .hcl(let node) = root, case .object(let entries) = node.content else {
            return ""
        }
        var lines = comments.head.map(\.asComment)
        for entry in entries {
            let comment = comments.keys[entry.key]
            lines += (comment?.above ?? []).map(\.asComment)
            let remark = comment?.beside.map { "  \($0.asComment)" } ?? ""
            var text = (entry.value.value ?? .null).blockLines(at: [entry.key])
            text[0] = "\(entry.key):" + text[0] + remark
            lines += text
        }
        lines += comments.foot.map(\.asComment)
        return lines.map { "\($0)\n" }.joined()
    }
}

extension Value {
    /// What follows the key's colon, and the lines behind: mappings in a list have one each.
    fileprivate func blockLines(at path: [String]) -> [String] {
        guard case .list(let values) = self, values.contains(where: { $0.object != nil }) else {
            return [" \(flowText(at: path))"]
        }
        return [""] + values.map { "  - \($0.flowText(at: path + ["0"]))" }
    }
}

extension String {
    /// On one line, whatever its scalars are.
    fileprivate var asComment: String {
        let scalars = unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " " as Unicode.Scalar
            default: scalar
            }
        }
        return isEmpty ? "#" : "# \(String(String.UnicodeScalarView(scalars)))"
    }
}
