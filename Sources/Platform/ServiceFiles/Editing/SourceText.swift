import Services

/// A text by Unicode scalars, in which the parser's places can be found.
struct SourceText {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private let hasByteOrderMark: Bool
    private(set) var scalars: [Unicode.Scalar]

    init(_ bytes: [UInt8]) {
        hasByteOrderMark = bytes.starts(with: Self.byteOrderMark)
        let content = hasByteOrderMark ? bytes.dropFirst(3) : bytes[...]
        scalars = Array(String(decoding: content, as: UTF8.self).unicodeScalars)
    }

    var bytes: [UInt8] {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return (hasByteOrderMark ? Self.byteOrderMark : []) + Array(String(text).utf8)
    }

    subscript(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    mutating func replace(_ range: Range<Int>, with text: String) {
        scalars.replaceSubrange(range, with: text.unicodeScalars)
    }

    func starts(with text: String, at offset: Int) -> Bool {
        scalars[offset...].starts(with: text.unicodeScalars)
    }

    // MARK: - Lines

    /// How the file's first line ends.
    var lineBreak: String {
        guard let first = scalars.indices.first(where: isBreak) else { return "\n" }
        return self[first..<endOfBreak(at: first)]
    }

    func offset(of place: Place) -> Int {
        var start = 0
        for _ in 1..<max(place.line, 1) { start = endOfBreak(at: endOfLine(from: start)) }
        return min(start + place.column - 1, scalars.count)
    }

    func line(of offset: Int) -> Int {
        var (line, start) = (1, 0)
        while true {
            let end = endOfLine(from: start)
            guard end < offset, end < scalars.count else { return line }
            start = endOfBreak(at: end)
            line += 1
        }
    }

    func startOfLine(of offset: Int) -> Int {
        (scalars[..<offset].indices.last(where: isBreak)).map { $0 + 1 } ?? 0
    }

    /// Where the line's break is, or the text's end.
    func endOfLine(from offset: Int) -> Int {
        scalars[offset...].indices.first(where: isBreak) ?? scalars.count
    }

    /// Behind the break at `offset`, two scalars long on Windows.
    func endOfBreak(at offset: Int) -> Int {
        starts(with: "\r\n", at: offset) ? offset + 2 : min(offset + 1, scalars.count)
    }

    /// What YAML 1.1 takes for the end of a line.
    private func isBreak(_ offset: Int) -> Bool {
        ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalars[offset])
    }

    func isSpace(_ offset: Int) -> Bool {
        [" ", "\t"].contains(scalars[offset]) || isBreak(offset)
    }
}
