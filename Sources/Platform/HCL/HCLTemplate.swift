import Services

/// A text in the making.
struct HCLTemplate {
    private var parts: [HCLTemplatePart] = []
    private var text = String.UnicodeScalarView()
    /// The parts that lines of a heredoc begin with.
    private var lineStarts: [Int] = []
    /// False once something in it was reported.
    var isRead = true

    mutating func append(_ scalar: Unicode.Scalar) { text.append(scalar) }

    mutating func append(_ text: String) { self.text.append(contentsOf: text.unicodeScalars) }

    mutating func append(_ expression: HCLExpression) {
        endPart()
        parts.append(.expression(expression))
        if !expression.isRead { isRead = false }
    }

    mutating func beginLine() {
        endPart()
        lineStarts.append(parts.count)
    }

    private mutating func endPart() {
        guard !text.isEmpty else { return }
        parts.append(.text(String(text)))
        text = String.UnicodeScalarView()
    }

    /// Takes the blanks away that all lines begin with. Lines of nothing but blanks do not count.
    mutating func dedent() {
        endPart()
        let margins = lineStarts.filter { $0 < parts.count && !parts[$0].isBlankLine }
        guard let width = margins.map({ parts[$0].indentation }).min(), width > 0 else { return }
        for index in margins { parts[index] = parts[index].droppingFirst(width) }
    }

    func expression(at place: Place) -> HCLExpression {
        var template = self
        template.endPart()
        return HCLExpression(isRead ? .template(template.parts.joiningTexts) : .unread, place)
    }
}

extension HCLTemplatePart {
    fileprivate var isBlankLine: Bool {
        guard case .text(let text) = self else { return false }
        return text.unicodeScalars.last == "\n"
            && text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    fileprivate var indentation: Int {
        guard case .text(let text) = self else { return 0 }
        return text.unicodeScalars.prefix { $0.properties.isWhitespace }.count
    }

    fileprivate func droppingFirst(_ count: Int) -> HCLTemplatePart {
        guard case .text(let text) = self else { return self }
        return .text(String(text.unicodeScalars.dropFirst(count)))
    }
}

extension [HCLTemplatePart] {
    /// One text for those that follow each other.
    fileprivate var joiningTexts: [HCLTemplatePart] {
        var (joined, text) = ([HCLTemplatePart](), "")
        for part in self {
            if case .text(let piece) = part {
                text += piece
                continue
            }
            if !text.isEmpty { joined.append(.text(text)) }
            text = ""
            joined.append(part)
        }
        return text.isEmpty ? joined : joined + [.text(text)]
    }
}
