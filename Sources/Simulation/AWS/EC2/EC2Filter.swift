/// One `Filter.N` of a request.
struct EC2Filter {
    let name: String
    let values: [String]
}

/// What the objects of a kind can be filtered by: for each filter's name, the object's values.
struct EC2FilterTable<Element> {
    let id: (Element) -> String
    let fields: [String: (Element) -> [String]]

    /// The elements that pass every filter. `tag:…` and `tag-key` work for each kind.
    /// - Throws: `InvalidParameterValue` for an unknown filter.
    func select(
        _ elements: [Element], by filters: [EC2Filter], tags: [String: [String: String]]
    ) throws -> [Element] {
        let tests = try filters.map { filter in
            let values = try self.values(for: filter, tags)
            let patterns = filter.values.map(WildcardPattern.init)
            return { element in
                values(element).contains { value in patterns.contains { $0.matches(value) } }
            }
        }
        return elements.filter { element in tests.allSatisfy { $0(element) } }
    }

    private func values(
        for filter: EC2Filter, _ tags: [String: [String: String]]
    ) throws -> (Element) -> [String] {
        if filter.name == "tag-key" { return { tags[id($0)].map { Array($0.keys) } ?? [] } }
        if filter.name.hasPrefix("tag:") {
            let key = String(filter.name.dropFirst(4))
            return { tags[id($0)]?[key].map { [$0] } ?? [] }
        }
        guard let field = fields[filter.name] else {
            throw AWSError(
                "InvalidParameterValue", "The filter '\(filter.name)' is invalid")
        }
        return field
    }
}

/// `*` for any text, `?` for one character, `\` before either for itself.
struct WildcardPattern {
    private enum Piece { case any, one, literal(Character) }

    private let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "*": pieces.append(.any)
            case "?": pieces.append(.one)
            case "\\": pieces.append(.literal(rest.popFirst() ?? "\\"))
            default: pieces.append(.literal(character))
            }
        }
        self.pieces = pieces
    }

    func matches(_ text: String) -> Bool { Self.matches(pieces[...], text[...]) }

    private static func matches(_ pieces: ArraySlice<Piece>, _ text: Substring) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        let others = pieces.dropFirst()
        switch piece {
        case .literal(let character):
            return text.first == character && matches(others, text.dropFirst())
        case .one: return !text.isEmpty && matches(others, text.dropFirst())
        case .any:
            return matches(others, text) || (!text.isEmpty && matches(pieces, text.dropFirst()))
        }
    }
}

extension QueryParameters {
    /// - Throws: `AWSError` when a filter lacks its name or values, or has over 200 values.
    func filters() throws -> [EC2Filter] {
        try structures("Filter").map { filter in
            let name = try filter.required("Name")
            let values = filter.list("Value")
            guard (1...200).contains(values.count) else {
                throw AWSError(
                    "InvalidParameterValue", "The filter '\(name)' needs 1 to 200 values")
            }
            return EC2Filter(name: name, values: values)
        }
    }
}
