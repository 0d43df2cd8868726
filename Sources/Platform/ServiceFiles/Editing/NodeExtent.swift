import Services
import Yams

/// Why a text is not edited: a place in it, and half a sentence.
struct UneditableText: Error {
    let place: Place
    let words: String
}

/// Where nodes begin and end in their text; of the end the parser tells nothing.
struct NodeExtent {
    let source: SourceText

    /// - Parameter place: where what it belongs to begins. The parser puts what an anchor has in
    ///   the alias's place, so that it stands before that.
    /// - Throws: `UneditableText` for what stands elsewhere, or has more to it than its value.
    func start(of node: Node, in place: Place) throws(UneditableText) -> Int {
        let start = source.offset(of: node.place)
        let first = start < source.scalars.count ? source.scalars[start] : " "
        if node.place.isBefore(place) || first == "&" {
            throw UneditableText(place: place, words: "an anchor or an alias has its value")
        }
        if ["!", "|", ">"].contains(first) {
            throw UneditableText(
                place: node.place, words: "its value has a tag or is a block of text")
        }
        return start
    }

    func range(of node: Node, in place: Place) throws(UneditableText) -> Range<Int> {
        let start = try start(of: node, in: place)
        switch node {
        case .scalar(let scalar): return start..<(try end(of: scalar, from: start))
        case .mapping, .sequence:
            if isFlow(node) { return start..<(try endOfBrackets(from: start, node)) }
            guard let last = node.children.last else { return start..<start }
            return start..<(try range(of: last, in: node.place).upperBound)
        case .alias: throw UneditableText(place: node.place, words: "it is an alias")
        }
    }

    /// True for a collection in brackets.
    func isFlow(_ node: Node) -> Bool {
        let start = source.offset(of: node.place)
        return start < source.scalars.count && ["[", "{"].contains(source.scalars[start])
    }

    func holdsComment(_ range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if isComment(offset) { return true }
            offset = endOfPiece(at: offset)
        }
        return false
    }

    private func end(
        of scalar: Node.Scalar, from start: Int
    ) throws(UneditableText) -> Int {
        if start < source.scalars.count, isQuote(start) { return endOfPiece(at: start) }
        guard source.starts(with: scalar.string, at: start) else {
            throw UneditableText(
                place: Node.scalar(scalar).place, words: "its value is more than a line long")
        }
        return start + scalar.string.unicodeScalars.count
    }

    private func endOfBrackets(from start: Int, _ node: Node) throws(UneditableText) -> Int {
        var (depth, offset) = (0, start)
        while offset < source.scalars.count {
            switch source.scalars[offset] {
            case "[", "{": depth += 1
            case "]", "}": depth -= 1
            default: break
            }
            offset = endOfPiece(at: offset)
            if depth == 0 { return offset }
        }
        throw UneditableText(place: node.place, words: "its brackets do not close")
    }

    /// Behind a quoted text or a comment as a whole, or else behind the scalar.
    private func endOfPiece(at offset: Int) -> Int {
        if isComment(offset) { return source.endOfLine(from: offset) }
        guard isQuote(offset) else { return offset + 1 }
        let (scalars, quote) = (source.scalars, source.scalars[offset])
        var next = offset + 1
        while next < scalars.count {
            if quote == "\"", scalars[next] == "\\" {
                next += 2
            } else if scalars[next] != quote {
                next += 1
            } else if quote == "'", next + 1 < scalars.count, scalars[next + 1] == quote {
                next += 2
            } else {
                return next + 1
            }
        }
        return scalars.count
    }

    private func isComment(_ offset: Int) -> Bool {
        source.scalars[offset] == "#" && (offset == 0 || source.isSpace(offset - 1))
    }

    /// A quote only where a value may begin: `it's` has none.
    private func isQuote(_ offset: Int) -> Bool {
        guard ["'", "\""].contains(source.scalars[offset]) else { return false }
        return offset == 0 || source.isSpace(offset - 1)
            || ["[", "{", ",", ":"].contains(source.scalars[offset - 1])
    }
}

extension Node {
    /// What the node consists of, in order, keys and values alike.
    fileprivate var children: [Node] {
        switch self {
        case .mapping(let mapping): mapping.flatMap { [$0.key, $0.value] }
        case .sequence(let nodes): Array(nodes)
        case .scalar, .alias: []
        }
    }
}
