import Services

/// An HCL file as it is written, and what is wrong with its form.
package struct HCLFile: Hashable, Sendable {
    package let name: String
    package let body: HCLBody
    package let problems: [HCLProblem]

    /// - Parameter text: without a byte order mark.
    package init(_ text: String, name: String) {
        var parser = HCLParser(text, file: name)
        self.name = name
        body = parser.body(of: nil)
        problems = parser.problems
    }
}

/// Reads the native syntax of HCL by recursive descent; docs/hcl.md has the grammar. It reports
/// what is wrong and goes on behind it, so that one run shows all errors.
///
/// <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>
struct HCLParser {
    /// Brackets, blocks and interpolations inside each other; more would use up the stack.
    static let deepest = 100

    var scanner: HCLScanner
    let file: String
    private(set) var problems: [HCLProblem] = []
    /// True between brackets, where a line's end means nothing.
    var ignoresLineBreaks = false
    private var depth = 0
    /// True once the rest of the file is given up.
    private var hasGivenUp = false

    init(_ text: String, file: String) {
        scanner = HCLScanner(text)
        self.file = file
    }

    mutating func report(_ place: Place, _ message: String) {
        guard !hasGivenUp else { return }
        problems.append(HCLProblem(file: file, place: place, message: message))
    }

    /// Goes one level deeper, or gives the file up where that is too deep.
    mutating func nested<Result>(
        _ place: Place, otherwise: Result, _ parse: (inout Self) -> Result
    ) -> Result {
        guard depth < Self.deepest else {
            report(place, "brackets and blocks are more than \(Self.deepest) deep here")
            scanner.skipAll()
            hasGivenUp = true
            return otherwise
        }
        depth += 1
        defer { depth -= 1 }
        return parse(&self)
    }

    mutating func ignoringLineBreaks<Result>(
        _ ignores: Bool, _ parse: (inout Self) -> Result
    ) -> Result {
        let outer = ignoresLineBreaks
        ignoresLineBreaks = ignores
        defer { ignoresLineBreaks = outer }
        return parse(&self)
    }

    /// What comes next, to follow "not".
    var found: String {
        guard let next = scanner.next else { return "the file's end" }
        guard scanner.lineBreak == 0 else { return "the line's end" }
        var ahead = scanner
        if let word = ahead.takeIdentifier() { return "\"\(word.prefix(60))\"" }
        return next.properties.generalCategory == .control
            ? "a control character" : "\"\(next)\""
    }

    // MARK: - What lies between

    /// Passes blanks and inline comments, and lines' ends where these mean nothing.
    mutating func skipSpace() {
        while let next = scanner.next {
            switch next {
            case " ", "\t": scanner.advance()
            case "/" where scanner.starts(with: "/*"): _ = inlineComment()
            case "\n" where ignoresLineBreaks: scanner.advance()
            case "\r" where ignoresLineBreaks && scanner.lineBreak > 0: scanner.advance(2)
            case _ where ignoresLineBreaks && isAtLineComment: _ = scanner.takeLine()
            default: return
            }
        }
    }

    var isAtLineComment: Bool { scanner.next == "#" || scanner.starts(with: "//") }

    /// - Returns: the text behind the mark.
    mutating func lineComment() -> String {
        String(scanner.takeLine().drop { $0 == "#" || $0 == "/" }).trimmed
    }

    /// - Returns: its lines.
    mutating func inlineComment() -> [String] {
        let (place, start) = (scanner.place, scanner.offset + 2)
        scanner.advance(2)
        var lines: [String] = []
        var lineStart = start
        while scanner.next != nil, !scanner.starts(with: "*/") {
            if scanner.next == "\n" {
                lines.append(scanner.text(from: lineStart).trimmed)
                lineStart = scanner.offset + 1
            }
            scanner.advance()
        }
        lines.append(scanner.text(from: lineStart).trimmed)
        if !scanner.take("*/") {
            report(place, "the comment is not closed; end it with */")
            hasGivenUp = true
        }
        return lines.map { String($0.drop { $0 == "*" }).trimmed }
    }
}

extension String {
    fileprivate var trimmed: String {
        let head = drop(while: \.isWhitespace)
        return String(head.reversed().drop(while: \.isWhitespace).reversed())
    }
}
