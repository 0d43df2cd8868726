import Resources
import Yams

extension Value {
    /// The value as YAML on one line, keys in the order of the table of fields.
    func flowText(at path: [String]) -> String {
        switch self {
        case .object(let members):
            let order = SpecField.keys(at: path)
            let pairs = members.sorted {
                (order.firstIndex(of: $0.key) ?? 0) < (order.firstIndex(of: $1.key) ?? 0)
            }
            return "{"
                + pairs.map { "\($0): \($1.flowText(at: path + [$0]))" }
                .joined(separator: ", ") + "}"
        case .list(let values):
            return "[" + values.map { $0.flowText(at: path + ["0"]) }.joined(separator: ", ") + "]"
        case .string(let text): return text.isPlainYAML ? text : jsonText()
        default: return jsonText()
        }
    }
}

extension String {
    /// True for text that stays the same text without quotes, also between brackets.
    fileprivate var isPlainYAML: Bool {
        wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\/-]*(:[A-Za-z0-9._\/-]+)*/) != nil
            && Node.scalar(Node.Scalar(self)).tag.rawValue == Tag.Name.str.rawValue
    }
}

extension SpecField {
    /// The keys of `service.yaml` at a path, in order.
    static func keys(at path: [String]) -> [String] {
        path.reduce(service) { fields, step in
            Int(step) == nil ? fields.first { $0.name == step }?.shape.members ?? [] : fields
        }.map(\.name)
    }
}

extension SpecShape {
    fileprivate var members: [SpecField] {
        switch self {
        case .mapping(let fields): fields
        case .either(_, let mapping): mapping.members
        case .list(let element, _): element.members
        default: []
        }
    }
}
