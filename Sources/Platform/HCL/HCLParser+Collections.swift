import Services

extension HCLParser {
    mutating func list() -> HCLExpression {
        let place = scanner.place
        if isIteration { return unsupported(.iteration, place) }
        scanner.advance()
        return ignoringLineBreaks(true) { parser in
            var elements: [HCLExpression] = []
            while true {
                let end = parser.scanner
                parser.skipSpace()
                if parser.scanner.take("]") { return HCLExpression(.list(elements), place) }
                guard parser.scanner.next != nil, parser.scanner.next != "}", !parser.isAtAttribute
                else {
                    parser.report(place, "the list is not closed; end it with ]")
                    parser.scanner = end
                    return HCLExpression(.unread, place)
                }
                elements.append(parser.expression())
                parser.endOfElement(isRead: elements.last?.form != .unread)
            }
        }
    }

    /// True when `for` comes first in the brackets here.
    private var isIteration: Bool {
        var ahead = self
        ahead.scanner.advance()
        ahead.ignoringLineBreaks(true) { $0.skipSpace() }
        return ahead.scanner.takeIdentifier() == "for"
    }

    /// True where an attribute begins, as behind a list that somebody forgot to close.
    var isAtAttribute: Bool {
        var ahead = scanner
        guard ahead.takeIdentifier() != nil else { return false }
        ahead.advance(while: [" ", "\t"])
        return ahead.next == "=" && ahead[1] != "=" && ahead[1] != ">"
    }

    /// Passes the comma behind an element of a list.
    private mutating func endOfElement(isRead: Bool) {
        let end = scanner
        skipSpace()
        if scanner.take(",") || scanner.next == "]" { return }
        if scanner.next == nil || scanner.next == "}" || isAtAttribute {
            scanner = end
            return
        }
        if isRead { report(scanner.place, "\",\" or \"]\" must stand here, not \(found)") }
        if scanner.next == ")" { scanner.advance() }
        recover()
        _ = scanner.take(",")
    }

    mutating func object() -> HCLExpression {
        let place = scanner.place
        if isIteration { return unsupported(.iteration, place) }
        scanner.advance()
        return ignoringLineBreaks(false) { parser in
            var elements: [HCLElement] = []
            while true {
                parser.ignoringLineBreaks(true) { $0.skipSpace() }
                if parser.scanner.take("}") { return HCLExpression(.object(elements), place) }
                guard parser.scanner.next != nil else {
                    parser.report(place, "the object is not closed; end it with }")
                    return HCLExpression(.unread, place)
                }
                elements.append(parser.element())
            }
        }
    }

    private mutating func element() -> HCLElement {
        let start = scanner.offset
        let key = key()
        skipSpace()
        var value = HCLExpression(.unread, scanner.place)
        if scanner.next == ":" || (scanner.next == "=" && scanner[1] != "=") {
            scanner.advance()
            skipSpace()
            value = expression()
        } else if key.isRead {
            report(scanner.place, "\"=\" and a value must follow the key, not \(found)")
        }
        skipSpace()
        let isEnd =
            scanner.take(",") || scanner.isAtEndOfLine || scanner.next == "}" || isAtLineComment
        if !isEnd {
            if value.isRead {
                report(scanner.place, "\",\" or \"}\" must stand here, not \(found)")
            }
            recover()
            _ = scanner.take(",")
        }
        // A bracket that closes nothing ends no element.
        if scanner.offset == start { scanner.advance() }
        return HCLElement(key: key, value: value)
    }

    /// A word before `=` or `:` is its own text.
    private mutating func key() -> HCLExpression {
        let (place, start) = (scanner.place, scanner)
        if let word = scanner.takeIdentifier() {
            skipSpace()
            if scanner.next == ":" || (scanner.next == "=" && scanner[1] != "=") {
                return HCLExpression(.template([.text(word)]), place)
            }
            scanner = start
        }
        let isParenthesised = scanner.next == "("
        let key = expression()
        guard !isParenthesised, case .reference(let reference) = key.form else { return key }
        return HCLExpression(.unsupported(.ambiguousKey(reference.text)), place)
    }
}

extension HCLExpression {
    var isRead: Bool { form != .unread }
}

extension HCLScanner {
    mutating func advance(while scalars: Set<Unicode.Scalar>) {
        while let next, scalars.contains(next) { advance() }
    }
}
