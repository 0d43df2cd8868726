import Resources
import Services
import Yams

/// A YAML text that takes other values where they stand. Everything else stays byte for byte:
/// comments, order, quotes, blank lines and how lines end.
struct YAMLEditor {
    private let file: String
    private(set) var source: SourceText
    private var root: Node

    init(_ bytes: [UInt8], file: String) throws(InvalidRepository) {
        self.file = file
        source = SourceText(bytes)
        root = try YAMLText(bytes, file: file).root
    }

    private var extent: NodeExtent { NodeExtent(source: source) }

    // MARK: - Looking

    /// What stands at a path of keys and indices, as the parser has it.
    func node(at path: some Sequence<String>) -> Node? {
        path.reduce(root) { node, step in
            switch node {
            case .mapping(let mapping): mapping.first { $0.key.string == step }?.value
            case .sequence(let nodes):
                Int(step).flatMap { nodes.indices.contains($0) ? nodes[$0] : nil }
            case .scalar, .alias, nil: nil
            }
        }
    }

    func isMapping(_ path: [String]) -> Bool { node(at: path)?.mapping != nil }

    /// The line that a path's key or element stands in.
    func line(of path: [String]) -> Int {
        (key(of: path) ?? node(at: path) ?? root).place.line
    }

    /// `nil` for an element and for the whole text.
    private func key(of path: [String]) -> Node? {
        node(at: path.dropLast())?.mapping?.first { $0.key.string == path.last }?.key
    }

    /// What stands there, on one line; `nil` when nothing does.
    func text(at path: [String]) -> String? {
        guard let node = node(at: path), !node.isNull,
            let range = try? extent.range(of: node, in: .start)
        else { return nil }
        return source[range].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// - Throws: `UneditableText` where something on the way stands elsewhere too.
    func refuseShared(_ path: [String]) throws(UneditableText) {
        var place = Place.start
        for length in 0...path.count {
            let start = Array(path.prefix(length))
            guard let node = node(at: start) else { return }
            _ = try extent.start(of: node, in: key(of: start)?.place ?? place)
            place = node.place
        }
    }

    // MARK: - Editing

    /// Replaces the value at a path, or adds the key where it was left out.
    /// - Parameter order: of the keys beside it.
    mutating func set(
        _ path: [String], to value: Value, order: [String]
    ) throws(UneditableText) {
        if let node = node(at: path) {
            try replace(node, with: value.flowText(at: path))
            return
        }
        guard let key = path.last, case .mapping(let mapping)? = node(at: path.dropLast()) else {
            throw UneditableText(place: root.place, words: "there is no place for it")
        }
        let entry = "\(key): \(value.flowText(at: path))"
        if extent.isFlow(.mapping(mapping)) {
            try add(entry, toFlow: mapping, behind: order.before(key))
        } else {
            try add(entry, toBlock: mapping, behind: order.before(key))
        }
    }

    private mutating func replace(_ node: Node, with text: String) throws(UneditableText) {
        let range = try extent.range(of: node, in: .start)
        guard !extent.holdsComment(range) else {
            throw UneditableText(place: node.place, words: "there is a comment inside its value")
        }
        guard case .scalar = node else { return try change(range, to: text) }
        let quote = range.isEmpty ? nil : source.scalars[range.lowerBound]
        switch quote {
        case nil: try change(range, to: " " + text)
        case "'" where !text.hasPrefix("{"), "\"" where !text.hasPrefix("{"):
            let mark = String(Character(quote ?? "'"))
            try change(range, to: text.hasPrefix("\"") ? text : mark + text + mark)
        default: try change(range, to: text)
        }
    }

    private mutating func add(
        _ entry: String, toFlow mapping: Node.Mapping, behind keys: Set<String>
    ) throws(UneditableText) {
        if let last = mapping.last(of: keys) {
            let end = try extent.range(of: last.value, in: last.key.place).upperBound
            try change(end..<end, to: ", \(entry)")
        } else {
            let inside = try extent.start(of: mapping.first?.key ?? .mapping(mapping), in: .start)
            guard mapping.isEmpty else { return try change(inside..<inside, to: "\(entry), ") }
            try change(inside + 1..<inside + 1, to: entry)
        }
    }

    private mutating func add(
        _ entry: String, toBlock mapping: Node.Mapping, behind keys: Set<String>
    ) throws(UneditableText) {
        let start = try extent.start(of: .mapping(mapping), in: .start)
        let indent = indentation(of: start)
        if let last = mapping.last(of: keys) {
            let value = try extent.range(of: last.value, in: last.key.place)
            let end = source.endOfLine(from: value.upperBound)
            try change(end..<end, to: source.lineBreak + indent + entry)
        } else {
            try change(start..<start, to: entry + source.lineBreak + indent)
        }
    }

    /// Adds an element behind the others.
    mutating func append(_ value: Value, to path: [String]) throws(UneditableText) {
        guard case .sequence(let nodes)? = node(at: path) else {
            throw UneditableText(place: root.place, words: "there is no list to add to")
        }
        let list = Node.sequence(nodes)
        let text = value.flowText(at: path + ["0"])
        guard let last = nodes.last else {
            let inside = try extent.start(of: list, in: .start) + 1
            return try change(inside..<inside, to: text)
        }
        let end = try extent.range(of: last, in: list.place).upperBound
        guard !extent.isFlow(list) else { return try change(end..<end, to: ", \(text)") }
        let lineEnd = source.endOfLine(from: end)
        let indent = indentation(of: try extent.start(of: list, in: .start))
        try change(lineEnd..<lineEnd, to: "\(source.lineBreak)\(indent)- \(text)")
    }

    /// Takes an element out.
    mutating func remove(_ index: Int, from path: [String]) throws(UneditableText) {
        guard case .sequence(let nodes)? = node(at: path), nodes.indices.contains(index) else {
            throw UneditableText(place: root.place, words: "there is no such element")
        }
        let list = Node.sequence(nodes)
        let range =
            nodes.count == 1 && !extent.isFlow(list)
            ? try rangeOfValue(at: path)
            : extent.isFlow(list)
                ? try flowRange(of: index, Array(nodes), in: list.place)
                : try lines(of: nodes[index], in: list)
        guard !extent.holdsComment(range) else {
            throw UneditableText(
                place: nodes[index].place, words: "a comment would go with what is taken out")
        }
        try change(range, to: nodes.count == 1 && !extent.isFlow(list) ? " []" : "")
    }

    /// Everything behind the key's colon.
    private func rangeOfValue(at path: [String]) throws(UneditableText) -> Range<Int> {
        let mapping = node(at: path.dropLast())?.mapping
        guard let pair = mapping?.first(where: { $0.key.string == path.last }) else {
            throw UneditableText(place: root.place, words: "the list is in no mapping")
        }
        let colon = source.scalars[try extent.range(of: pair.key, in: .start).upperBound...]
            .firstIndex(of: ":")
        let end = try extent.range(of: pair.value, in: pair.key.place).upperBound
        return (colon.map { $0 + 1 } ?? end)..<end
    }

    private func flowRange(
        of index: Int, _ nodes: [Node], in place: Place
    ) throws(UneditableText) -> Range<Int> {
        let own = try extent.range(of: nodes[index], in: place)
        if index + 1 < nodes.count {
            return own.lowerBound..<(try extent.start(of: nodes[index + 1], in: place))
        }
        guard index > 0 else { return own }
        return try extent.range(of: nodes[index - 1], in: place).upperBound..<own.upperBound
    }

    /// The lines that an element of a block has for itself.
    private func lines(of node: Node, in list: Node) throws(UneditableText) -> Range<Int> {
        let range = try extent.range(of: node, in: list.place)
        let start = source.startOfLine(of: range.lowerBound)
        let end = source.endOfLine(from: range.upperBound)
        let dash = start + list.place.column - 1
        guard dash < range.lowerBound, source.scalars[dash] == "-",
            source[start..<dash].allSatisfy({ $0 == " " })
        else { throw UneditableText(place: node.place, words: "it begins in another's line") }
        guard end == source.scalars.count, start > 0 else {
            return start..<source.endOfBreak(at: end)
        }
        return source.endOfLine(from: source.startOfLine(of: start - 1))..<end
    }

    private func indentation(of offset: Int) -> String {
        String(repeating: " ", count: offset - source.startOfLine(of: offset))
    }

    private mutating func change(_ range: Range<Int>, to text: String) throws(UneditableText) {
        let place = Place(line: source.line(of: range.lowerBound), column: 1)
        source.replace(range, with: text)
        do throws(InvalidRepository) {
            root = try YAMLText(source.bytes, file: file).root
        } catch {
            throw UneditableText(place: place, words: "the edited text would be no YAML")
        }
    }
}

extension Node.Mapping {
    /// The last key that is one of these, with its value.
    fileprivate func last(of keys: Set<String>) -> (key: Node, value: Node)? {
        reversed().first { keys.contains($0.key.string ?? "") }
    }
}

extension [String] {
    fileprivate func before(_ key: String) -> Set<String> { Set(prefix { $0 != key }) }
}
