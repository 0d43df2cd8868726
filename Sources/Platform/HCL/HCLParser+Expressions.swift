import Services

extension HCLParser {
    mutating func expression() -> HCLExpression {
        let place = scanner.place
        return nested(place, otherwise: HCLExpression(.unread, place)) { parser in
            let term = parser.parts(of: parser.term())
            let end = parser.scanner
            parser.skipSpace()
            guard let symbol = parser.operatorSymbol else {
                parser.scanner = end
                return term
            }
            return parser.unsupported(symbol == "?" ? .conditional : .operation(symbol), place)
        }
    }

    /// The operator that comes next.
    private var operatorSymbol: String? {
        if isAtLineComment || scanner.starts(with: "=>") { return nil }
        let symbols =
            ["==", "!=", "<=", ">=", "&&", "||"] + ["+", "-", "*", "/", "%", "<", ">", "?"]
        return symbols.first { scanner.starts(with: $0) }
    }

    /// Passes the rest of an expression that is sound, as far as one can tell, and not evaluated.
    mutating func unsupported(_ what: HCLUnsupported, _ place: Place) -> HCLExpression {
        skipRest()
        return HCLExpression(.unsupported(what), place)
    }

    private mutating func term() -> HCLExpression {
        let place = scanner.place
        switch scanner.next {
        case "\"": return quoted()
        case "<" where scanner[1] == "<": return heredoc()
        case "[": return list()
        case "{": return object()
        case "(": return parenthesised()
        case "-":
            scanner.advance()
            skipSpace()
            guard scanner.next?.isDigit ?? false else { return unsupported(.operation("-"), place) }
            return number(at: place, isNegative: true)
        case "!": return unsupported(.operation("!"), place)
        case let next? where next.isDigit: return number(at: place, isNegative: false)
        default:
            guard let word = scanner.takeIdentifier() else { return missingValue() }
            return named(word, place)
        }
    }

    private mutating func missingValue() -> HCLExpression {
        let place = scanner.place
        if scanner.next == "'" {
            report(place, "a text stands in double quotes, not in single ones")
        } else {
            report(place, "a value must stand here, not \(found)")
        }
        recover()
        return HCLExpression(.unread, place)
    }

    private mutating func named(_ word: String, _ place: Place) -> HCLExpression {
        switch word {
        case "true": return HCLExpression(.boolean(true), place)
        case "false": return HCLExpression(.boolean(false), place)
        case "null": return HCLExpression(.null, place)
        default: break
        }
        let end = scanner
        var name = word
        skipSpace()
        while scanner.take("::") { name += "::" + (scanner.takeIdentifier() ?? "") }
        if scanner.next == "(" { return unsupported(.call(name), place) }
        scanner = end
        return HCLExpression(.reference(HCLReference(root: word, steps: [])), place)
    }

    private mutating func number(at place: Place, isNegative: Bool) -> HCLExpression {
        let whole = scanner.take(while: \.isDigit)
        var (fraction, exponent) = ("", "")
        if scanner.next == ".", scanner[1]?.isDigit ?? false {
            scanner.advance()
            fraction = scanner.take(while: \.isDigit)
        }
        if scanner.next == "e" || scanner.next == "E" {
            scanner.advance()
            if scanner.take("-") { exponent = "-" } else { _ = scanner.take("+") }
            let digits = scanner.take(while: \.isDigit)
            exponent = digits.isEmpty ? "none" : exponent + digits
        }
        if exponent.hasSuffix("none") || scanner.isAtIdentifier || scanner.next == "." {
            report(place, "this is no number; a text stands in quotes")
            recover()
            return HCLExpression(.unread, place)
        }
        guard
            let number = HCLNumber(
                whole: whole, fraction: fraction, exponent: exponent, isNegative: isNegative)
        else {
            report(place, "a number may have \(HCLNumber.mostDigits) digits")
            return HCLExpression(.unread, place)
        }
        return HCLExpression(.number(number), place)
    }

    private mutating func parenthesised() -> HCLExpression {
        let place = scanner.place
        scanner.advance()
        return ignoringLineBreaks(true) { parser in
            parser.skipSpace()
            let inside = parser.expression()
            if parser.close(")", behind: inside) { return HCLExpression(inside.form, place) }
            parser.recover()
            _ = parser.scanner.take(")")
            return HCLExpression(.unread, place)
        }
    }

    /// Passes the bracket that must stand behind an expression.
    /// - Returns: false when it does not, which is then reported; nothing is passed then.
    mutating func close(_ bracket: String, behind inside: HCLExpression) -> Bool {
        let end = scanner
        skipSpace()
        if scanner.take(bracket) { return true }
        if scanner.place.line > end.place.line { scanner = end }
        if inside.isRead { report(scanner.place, "\"\(bracket)\" must stand here, not \(found)") }
        return false
    }

    /// What may follow a term: `.name`, `.0`, `[index]`.
    private mutating func parts(of term: HCLExpression) -> HCLExpression {
        var term = term
        while true {
            let end = scanner
            skipSpace()
            let step: HCLReference.Step
            if scanner.starts(with: "[*]") || scanner.starts(with: ".*") {
                return unsupported(.splat, term.place)
            } else if scanner.next == ".", scanner[1] != "." {
                scanner.advance()
                skipSpace()
                guard let name = attributeStep() else {
                    report(scanner.place, "a name must follow the point, not \(found)")
                    recover()
                    return HCLExpression(.unread, term.place)
                }
                step = name
            } else if scanner.next == "[" {
                guard let index = indexStep() else { return HCLExpression(.unread, term.place) }
                step = .index(index)
            } else {
                scanner = end
                return term
            }
            guard case .reference(var reference) = term.form else {
                return term.form == .unread ? term : unsupported(.part, term.place)
            }
            reference.steps.append(step)
            term = HCLExpression(.reference(reference), term.place)
        }
    }

    /// A name, or an index in the old way of writing it.
    private mutating func attributeStep() -> HCLReference.Step? {
        let place = scanner.place
        if let name = scanner.takeIdentifier() { return .attribute(name, place) }
        let digits = scanner.take(while: \.isDigit)
        return HCLNumber(whole: digits, fraction: "", exponent: "", isNegative: false)
            .flatMap { digits.isEmpty ? nil : .index(HCLExpression(.number($0), place)) }
    }

    private mutating func indexStep() -> HCLExpression? {
        scanner.advance()
        return ignoringLineBreaks(true) { parser in
            parser.skipSpace()
            let index = parser.expression()
            if parser.close("]", behind: index) { return index }
            parser.recover()
            _ = parser.scanner.take("]")
            return nil
        }
    }
}
