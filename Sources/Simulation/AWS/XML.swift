/// An XML element as the AWS APIs write them.
struct XML {
    private enum Content {
        case text(String)
        case children([XML])
    }

    private let name: String
    private let namespace: String?
    private let content: Content

    init(_ name: String, _ text: some CustomStringConvertible) {
        self.name = name
        namespace = nil
        content = .text(text.description)
    }

    init(_ name: String, namespace: String? = nil, @XMLBuilder _ children: () -> [XML]) {
        self.name = name
        self.namespace = namespace
        content = .children(children())
    }

    /// A list as EC2 writes it: `<xSet><item>…</item></xSet>`.
    init<Element>(
        _ name: String, items: some Sequence<Element>, @XMLBuilder _ item: (Element) -> [XML]
    ) {
        self.init(name) { items.map { element in XML("item") { item(element) } } }
    }

    /// The whole document, with its declaration.
    var document: [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write(to: &text)
        return Array(text.utf8)
    }

    private func write(to text: inout String) {
        text += "<\(name)"
        if let namespace { text += " xmlns=\"\(namespace)\"" }
        switch content {
        case .text(let value): text += ">\(Self.escaped(value))</\(name)>"
        case .children(let children) where children.isEmpty: text += "/>"
        case .children(let children):
            text += ">"
            for child in children { child.write(to: &text) }
            text += "</\(name)>"
        }
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x26, 0x3C, 0x3E, 0x0D].contains($0) }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\r": result += "&#xD;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

/// Lets elements be listed with `if`, `for` and optional parts between them.
@resultBuilder
enum XMLBuilder {
    static func buildExpression(_ element: XML) -> [XML] { [element] }
    static func buildExpression(_ elements: [XML]) -> [XML] { elements }
    static func buildBlock(_ parts: [XML]...) -> [XML] { parts.flatMap { $0 } }
    static func buildOptional(_ part: [XML]?) -> [XML] { part ?? [] }
    static func buildEither(first part: [XML]) -> [XML] { part }
    static func buildEither(second part: [XML]) -> [XML] { part }
    static func buildArray(_ parts: [[XML]]) -> [XML] { parts.flatMap { $0 } }
}
