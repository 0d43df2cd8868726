import Services

/// A text by Unicode scalars, read from its beginning to its end.
struct HCLScanner {
    private let scalars: [Unicode.Scalar]
    private(set) var offset = 0
    private var line = 1
    private var startOfLine = 0

    init(_ text: some StringProtocol) { scalars = Array(text.unicodeScalars) }

    /// Where the next scalar stands. Columns count scalars, a tab as one.
    var place: Place { Place(line: line, column: offset - startOfLine + 1) }

    /// `nil` at the end of the text.
    var next: Unicode.Scalar? { self[0] }

    /// The scalar that many behind the next one.
    subscript(_ distance: Int) -> Unicode.Scalar? {
        let index = offset + distance
        return index < scalars.count ? scalars[index] : nil
    }

    func starts(with text: String) -> Bool {
        scalars[offset...].starts(with: text.unicodeScalars)
    }

    /// The length of the line break that comes next, two scalars on Windows; 0 when none does.
    var lineBreak: Int {
        if next == "\n" { return 1 }
        return next == "\r" && self[1] == "\n" ? 2 : 0
    }

    var isAtEndOfLine: Bool { next == nil || lineBreak > 0 }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<min(count, scalars.count - offset) {
            if scalars[offset] == "\n" {
                line += 1
                startOfLine = offset + 1
            }
            offset += 1
        }
    }

    /// Advances behind `text` if that comes next.
    mutating func take(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        advance(text.unicodeScalars.count)
        return true
    }

    /// Advances as long as `condition` holds, and returns what was passed.
    mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        let start = offset
        while let scalar = next, condition(scalar) { advance() }
        return text(from: start)
    }

    /// What stands between an earlier offset and here.
    func text(from start: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<offset])
        return String(text)
    }

    mutating func takeLine() -> String {
        let start = offset
        while !isAtEndOfLine { advance() }
        return text(from: start)
    }

    mutating func skipAll() { advance(scalars.count) }
}

extension HCLScanner {
    /// <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#identifiers>
    var isAtIdentifier: Bool { next.map(\.startsIdentifier) ?? false }

    /// - Returns: `nil` when no identifier comes next.
    mutating func takeIdentifier() -> String? {
        isAtIdentifier ? take(while: \.continuesIdentifier) : nil
    }
}

extension Unicode.Scalar {
    var startsIdentifier: Bool { properties.isIDStart || self == "_" }
    var continuesIdentifier: Bool { properties.isIDContinue || self == "-" }
    var isDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
    /// True for what can stand as a name without quotes.
    package var isHCLIdentifier: Bool {
        unicodeScalars.first?.startsIdentifier ?? false
            && unicodeScalars.allSatisfy(\.continuesIdentifier)
    }
}
