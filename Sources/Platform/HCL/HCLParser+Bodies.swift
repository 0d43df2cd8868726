import Services

extension HCLParser {
    /// Attributes and blocks up to the brace that closes `block`, or to the file's end.
    /// - Parameter block: what they stand in, and where that begins.
    mutating func body(of block: (type: String, place: Place)?) -> HCLBody {
        var body = HCLBody()
        while true {
            let comments = comments()
            guard scanner.next != nil else {
                if let block {
                    report(block.place, "the block \"\(block.type)\" is not closed; end it with }")
                }
                body.closingComments = comments
                return body
            }
            if scanner.next == "}" {
                if block != nil {
                    body.closingComments = comments
                    return body
                }
                report(scanner.place, "there is no block that this \"}\" could close")
                scanner.advance()
                continue
            }
            item(in: &body, isInBlock: block != nil, comments)
        }
    }

    /// The comments before the next thing, line by line.
    private mutating func comments() -> [String] {
        var lines: [String] = []
        while true {
            if isAtLineComment {
                lines.append(lineComment())
            } else if scanner.starts(with: "/*") {
                lines += inlineComment().filter { !$0.isEmpty }
            } else if scanner.lineBreak > 0 {
                scanner.advance(scanner.lineBreak)
            } else if [" ", "\t"].contains(scanner.next) {
                scanner.advance()
            } else {
                return lines
            }
        }
    }

    private mutating func item(in body: inout HCLBody, isInBlock: Bool, _ comments: [String]) {
        let place = scanner.place
        guard let name = scanner.takeIdentifier() else {
            report(place, "a key or a block must stand here, not \(found)")
            return skipLine(isInBlock: isInBlock)
        }
        skipSpace()
        if isAtAssignment {
            if scanner.next == ":" {
                report(scanner.place, "\"=\" must stand between a key and its value, not \":\"")
            }
            scanner.advance()
            skipSpace()
            let known = problems.count
            let value = expression()
            let remark = endOfLine(isInBlock: isInBlock, isReported: problems.count > known)
            add(
                HCLAttribute(
                    name: name, place: place, value: value, comments: comments, remark: remark),
                to: &body)
        } else if let labels = labels() {
            body.blocks.append(block(name, place, labels, comments))
            _ = endOfLine(isInBlock: isInBlock, isReported: false)
        } else {
            report(scanner.place, "\"=\" and a value must follow \"\(name)\", not \(found)")
            skipLine(isInBlock: isInBlock)
            add(
                HCLAttribute(
                    name: name, place: place, value: HCLExpression(.unread, place),
                    comments: comments, remark: nil),
                to: &body)
        }
    }

    private var isAtAssignment: Bool {
        (scanner.next == "=" && scanner[1] != "=") || scanner.next == ":"
    }

    private mutating func add(_ attribute: HCLAttribute, to body: inout HCLBody) {
        guard body.names.insert(attribute.name).inserted else {
            return report(
                attribute.place, "the key \"\(attribute.name)\" stands here a second time")
        }
        body.attributes.append(attribute)
    }

    /// What stands between a block's type and its brace; `nil` when there is no block.
    private mutating func labels() -> [HCLLabel]? {
        let start = scanner
        var labels: [HCLLabel] = []
        while scanner.next != "{" {
            let place = scanner.place
            if let word = scanner.takeIdentifier() {
                labels.append(HCLLabel(text: word, place: place))
            } else if scanner.next == "\"", let text = quotedText() {
                labels.append(HCLLabel(text: text, place: place))
            } else {
                scanner = start
                return nil
            }
            skipSpace()
        }
        return labels
    }

    /// Text in quotes without an expression in it; `nil` for anything else.
    private mutating func quotedText() -> String? {
        var ahead = self
        let text = ahead.quoted().plainText
        if text != nil { scanner = ahead.scanner }
        return text
    }

    private mutating func block(
        _ type: String, _ place: Place, _ labels: [HCLLabel], _ comments: [String]
    ) -> HCLBlock {
        scanner.advance()
        let body = nested(place, otherwise: HCLBody()) { parser in
            parser.ignoringLineBreaks(false) { $0.body(of: (type, place)) }
        }
        _ = scanner.take("}")
        return HCLBlock(type: type, place: place, labels: labels, body: body, comments: comments)
    }

    /// Passes the end of an attribute's or a block's line.
    /// - Parameter isReported: whether something in the line was reported already.
    /// - Returns: the comment there.
    private mutating func endOfLine(isInBlock: Bool, isReported: Bool) -> String? {
        skipSpace()
        if isAtLineComment { return lineComment() }
        if scanner.isAtEndOfLine || (isInBlock && scanner.next == "}") { return nil }
        if !isReported {
            report(scanner.place, "a new line must begin here, not \(found)")
        }
        skipLine(isInBlock: isInBlock)
        return nil
    }

    /// Passes the rest of a line that cannot be read, with what it has in brackets.
    private mutating func skipLine(isInBlock: Bool) {
        while !scanner.isAtEndOfLine {
            let start = scanner.offset
            recover()
            if isInBlock, scanner.next == "}" { return }
            if scanner.offset == start { scanner.advance() }
        }
    }
}
