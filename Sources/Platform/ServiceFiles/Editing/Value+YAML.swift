import HCL
import Resources
import Yams

/// What a spec is written in.
enum SpecLanguage {
    case yaml, hcl

    /// By a file's name.
    init(of file: String) { self = file.hasSuffix(".yaml") ? .yaml : .hcl }

    /// What stands between a key and its value.
    var assignment: String { self == .yaml ? ": " : " = " }
}

extension Value {
    /// The value on one line.
    func text(at path: [String], in language: SpecLanguage) -> String {
        language == .yaml ? flowText(at: path) : hclText()
    }

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
    /// The keys of what has any.
    var members: [SpecField] {
        switch self {
        case .mapping(let fields): fields
        case .either(_, let mapping): mapping.members
        case .list(let element, _): element.members
        default: []
        }
    }
}
