import Services

extension HCLParser {
    /// Passes what is left of an expression: up to a comma, a closing bracket or the end of a line
    /// that means something, and over all that stands in brackets of its own.
    mutating func skipRest() {
        var open: [(closing: Unicode.Scalar, place: Place)] = []
        while let next = scanner.next {
            let isEnd = [",", "]", "}", ")"].contains(next) || isAtMeaningfulLineEnd
            if isEnd, open.isEmpty { return }
            if isAtForgottenBracket(open.last?.closing) { break }
            switch next {
            case "\"": nested(scanner.place, otherwise: ()) { _ = $0.quoted() }
            case "<" where scanner[1] == "<" && (scanner[2]?.startsIdentifier ?? false):
                _ = heredoc()
            case "<" where scanner.starts(with: "<<-"): _ = heredoc()
            case "/" where scanner.starts(with: "/*"): _ = inlineComment()
            case _ where isAtLineComment: _ = scanner.takeLine()
            case "(": open.append((")", scanner.place)); scanner.advance()
            case "[": open.append(("]", scanner.place)); scanner.advance()
            case "{": open.append(("}", scanner.place)); scanner.advance()
            case ")", "]", "}":
                guard next == open.last?.closing else { return reportOpen(open) }
                open.removeLast()
                scanner.advance()
            default: scanner.advance()
            }
        }
        reportOpen(open)
    }

    /// True before a line that begins an attribute, where brackets that hold none are open.
    private func isAtForgottenBracket(_ closing: Unicode.Scalar?) -> Bool {
        guard closing == ")" || closing == "]", scanner.lineBreak > 0 else { return false }
        var ahead = self
        ahead.scanner.advance(scanner.lineBreak)
        ahead.scanner.advance(while: [" ", "\t"])
        return ahead.isAtAttribute
    }

    /// Passes what cannot be read: the same, and in any case no further than its line.
    mutating func recover() { ignoringLineBreaks(false) { $0.skipRest() } }

    private var isAtMeaningfulLineEnd: Bool {
        !ignoresLineBreaks && (scanner.lineBreak > 0 || isAtLineComment)
    }

    private mutating func reportOpen(_ open: [(closing: Unicode.Scalar, place: Place)]) {
        guard let last = open.last else { return }
        report(last.place, "the bracket is not closed; end it with \(last.closing)")
    }
}
