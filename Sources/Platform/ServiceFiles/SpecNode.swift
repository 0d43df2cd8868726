import HCL
import Services
import Yams

/// What stands in a spec file, whichever language that is in: a tree that knows its places.
///
/// It is looked into a level at a time: aliases and references make large trees of small files.
enum SpecNode {
    case yaml(Node)
    case hcl(HCLNode)

    enum Content {
        case scalar(SpecScalar)
        case list([SpecNode])
        case mapping([SpecMember])
        case alias
        /// What was reported already.
        case unread
    }

    /// Where it begins.
    var place: Place {
        switch self {
        case .yaml(let node): node.place
        case .hcl(let node): node.place
        }
    }

    var content: Content {
        switch self {
        case .yaml(.scalar(let scalar)): .scalar(SpecScalar(scalar))
        case .yaml(.mapping(let mapping)): .mapping(mapping.map(SpecMember.init))
        case .yaml(.sequence(let nodes)): .list(nodes.map(SpecNode.yaml))
        case .yaml(.alias): .alias
        case .hcl(let node): node.specContent
        }
    }

    /// True for an empty value, `null` and `~`.
    var isNull: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.form == .null
    }

    /// What the node is, to follow "not".
    var kind: String {
        switch content {
        case .scalar(let scalar): scalar.kind
        case .mapping: "a mapping"
        case .list(let nodes) where nodes.isEmpty: "an empty list"
        case .list: "a list"
        case .alias: "an alias"
        case .unread: "unread"
        }
    }
}

/// A key and its value.
struct SpecMember {
    /// `nil` for a key that is more than a word.
    let name: String?
    let place: Place
    let value: SpecNode
}

/// A value without parts.
struct SpecScalar {
    enum Form { case null, text, literal }

    let text: String
    /// `literal` for a number or a boolean.
    let form: Form

    /// To follow "not".
    var kind: String {
        switch form {
        case .null: "empty"
        case .text: "\"\(text.onOneLine)\""
        case .literal: text.onOneLine
        }
    }
}

extension SpecScalar {
    init(_ scalar: Node.Scalar) {
        let node = Node.scalar(scalar)
        text = scalar.string
        form = node.isNull ? .null : node.isText ? .text : .literal
    }
}

extension SpecMember {
    fileprivate init(_ key: Node, _ value: Node) {
        name = key.scalar?.string
        place = key.place
        self.value = .yaml(value)
    }
}

extension HCLNode {
    fileprivate var specContent: SpecNode.Content {
        switch content {
        case .null: .scalar(SpecScalar(text: "null", form: .null))
        case .boolean(let flag): .scalar(SpecScalar(text: String(flag), form: .literal))
        case .number(let number): .scalar(SpecScalar(text: number.text, form: .literal))
        case .text(let text): .scalar(SpecScalar(text: text, form: .text))
        case .list(let nodes): .list(nodes.map(SpecNode.hcl))
        case .object(let entries):
            .mapping(
                entries.map { SpecMember(name: $0.key, place: $0.place, value: .hcl($0.value)) })
        case .unread: .unread
        }
    }
}

extension Node {
    /// True for an empty value, `null` and `~`.
    var isNull: Bool { tag.rawValue == Tag.Name.null.rawValue }

    /// True for a scalar that YAML 1.2 takes for text and not for a number or a boolean.
    ///
    /// The parser follows YAML 1.1, where `on`, `no` and the like are booleans, too.
    fileprivate var isText: Bool {
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
