import Services

extension HCLParser {
    /// A text in quotes.
    mutating func quoted() -> HCLExpression {
        let place = scanner.place
        scanner.advance()
        var template = HCLTemplate()
        while let next = scanner.next, scanner.lineBreak == 0 {
            switch next {
            case "\"":
                scanner.advance()
                return template.expression(at: place)
            case "\\": escape(in: &template)
            default: literalOrExpression(in: &template)
            }
        }
        report(
            place,
            "the text is not closed before its line ends; end it with \", or write several"
                + " lines as a heredoc, <<EOT")
        return HCLExpression(.unread, place)
    }

    /// <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions>
    private mutating func escape(in template: inout HCLTemplate) {
        let place = scanner.place
        scanner.advance()
        let letter = scanner.next
        switch letter {
        case "n": template.append("\n")
        case "r": template.append("\r")
        case "t": template.append("\t")
        case "\"", "\\": template.append(letter ?? "\\")
        case "u", "U":
            scanner.advance()
            return codePoint(digits: letter == "u" ? 4 : 8, place, in: &template)
        default:
            report(
                place,
                "there is no such escape sequence; there are \\n, \\r, \\t, \\\", \\\\,"
                    + " \\u and \\U")
            template.isRead = false
            if scanner.isAtEndOfLine { return }
        }
        scanner.advance()
    }

    private mutating func codePoint(digits: Int, _ place: Place, in template: inout HCLTemplate) {
        let start = scanner.offset
        while scanner.offset < start + digits, scanner.next?.properties.isASCIIHexDigit ?? false {
            scanner.advance()
        }
        let text = scanner.text(from: start)
        guard text.unicodeScalars.count == digits,
            let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init)
        else {
            report(
                place,
                "\\u must be followed by the four hexadecimal digits of a character, and \\U"
                    + " by eight")
            template.isRead = false
            return
        }
        template.append(scalar)
    }

    /// One scalar, a doubled `${` or `%{`, or what these enclose.
    private mutating func literalOrExpression(in template: inout HCLTemplate) {
        if scanner.take("$${") {
            template.append("${")
        } else if scanner.take("%%{") {
            template.append("%{")
        } else if scanner.starts(with: "${") || scanner.starts(with: "%{") {
            template.append(interpolation())
        } else if let next = scanner.next {
            template.append(next)
            scanner.advance()
        }
    }

    private mutating func interpolation() -> HCLExpression {
        let place = scanner.place
        let isDirective = scanner.next == "%"
        return nested(place, otherwise: HCLExpression(.unread, place)) { parser in
            parser.scanner.advance(2)
            return parser.ignoringLineBreaks(true) { $0.inside(place, isDirective: isDirective) }
        }
    }

    /// What stands between `${` or `%{`, which begins at `place`, and the brace behind.
    private mutating func inside(_ place: Place, isDirective: Bool) -> HCLExpression {
        let inside: HCLExpression
        if isDirective {
            inside = unsupported(.directive, place)
        } else if scanner.next == "~" {
            inside = unsupported(.stripMarker, place)
        } else {
            skipSpace()
            inside = expression()
        }
        let end = scanner
        skipSpace()
        if scanner.starts(with: "~}") {
            scanner.advance(2)
            return HCLExpression(.unsupported(.stripMarker), place)
        }
        scanner = end
        return close("}", behind: inside) ? inside : HCLExpression(.unread, place)
    }

    /// Lines of text between `<<NAME` and a line with the name alone.
    mutating func heredoc() -> HCLExpression {
        let place = scanner.place
        scanner.advance(2)
        let isFlush = scanner.take("-")
        guard let name = scanner.takeIdentifier(), scanner.lineBreak > 0 else {
            report(place, "a heredoc begins with << and a name at the end of its line")
            _ = scanner.takeLine()
            return HCLExpression(.unread, place)
        }
        scanner.advance(scanner.lineBreak)
        var template = HCLTemplate()
        while !takeEnd(of: name) {
            guard scanner.next != nil else {
                report(place, "the heredoc is not closed; end it with a line of \(name) alone")
                return HCLExpression(.unread, place)
            }
            takeLine(in: &template)
        }
        if isFlush { template.dedent() }
        return template.expression(at: place)
    }

    /// Passes the heredoc's name, if it is all that the line has.
    private mutating func takeEnd(of name: String) -> Bool {
        var ahead = scanner
        ahead.advance(while: [" ", "\t"])
        guard ahead.take(name) else { return false }
        let end = ahead
        ahead.advance(while: [" ", "\t"])
        guard ahead.isAtEndOfLine else { return false }
        scanner = end
        return true
    }

    private mutating func takeLine(in template: inout HCLTemplate) {
        template.beginLine()
        while scanner.lineBreak == 0 {
            guard scanner.next != nil else { return }
            literalOrExpression(in: &template)
        }
        for _ in 0..<scanner.lineBreak {
            template.append(scanner.next ?? "\n")
            scanner.advance()
        }
    }
}
