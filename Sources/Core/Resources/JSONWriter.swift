extension Value {
    /// The value as a JSON document (RFC 8259) that depends on nothing but the value: keys are
    /// sorted, nothing is escaped that need not be.
    /// - Throws: `EncodingError` for what no document may hold: a template, a secret, a number
    ///   that is not finite.
    package func jsonBytes(pretty: Bool = false) throws -> [UInt8] {
        var writer = JSONWriter(isPretty: pretty)
        try writer.write(self)
        return writer.bytes
    }
}

private struct JSONWriter {
    let isPretty: Bool
    private(set) var bytes: [UInt8] = []
    private var depth = 0

    init(isPretty: Bool) { self.isPretty = isPretty }

    mutating func write(_ value: Value) throws {
        switch value {
        case .null: write("null")
        case .boolean(let flag): write(flag ? "true" : "false")
        case .integer(let number): write(String(number))
        case .number(let number) where number.isFinite:
            let text = String(number)
            write(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        case .string(let text): quote(text)
        case .list(let values):
            try enclose("[", values, "]") { try $0.write($1) }
        case .object(let members):
            try enclose("{", members.sorted { $0.key < $1.key }, "}") { writer, member in
                writer.quote(member.key)
                writer.write(writer.isPretty ? " : " : ":")
                try writer.write(member.value)
            }
        case .number, .template, .secret:
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "it cannot be written as JSON"))
        }
    }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func enclose<Element>(
        _ opening: String, _ elements: [Element], _ closing: String,
        _ write: (inout Self, Element) throws -> Void
    ) rethrows {
        self.write(opening)
        depth += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { self.write(",") }
            if isPretty { breakLine() }
            try write(&self, element)
        }
        depth -= 1
        if isPretty {
            if elements.isEmpty { self.write("\n") }
            breakLine()
        }
        self.write(closing)
    }

    private mutating func breakLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            for byte in text.utf8 { escape(byte) }
        } else {
            write(text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): write("\\\"")
        case UInt8(ascii: "\\"): write("\\\\")
        case 0x08: write("\\b")
        case 0x09: write("\\t")
        case 0x0A: write("\\n")
        case 0x0C: write("\\f")
        case 0x0D: write("\\r")
        case 0..<0x10: write("\\u000" + String(byte, radix: 16))
        case 0x10..<0x20: write("\\u00" + String(byte, radix: 16))
        default: bytes.append(byte)
        }
    }
}
