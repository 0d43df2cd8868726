extension String {
    /// Everything but `A–Z a–z 0–9 - . _ ~` as `%XX`, per RFC 3986 section 2.3.
    package var percentEncoded: String { percentEncoded(keeping: []) }

    /// The same, with the characters of `kept` left as they are.
    package func percentEncoded(keeping kept: Set<UInt8>) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                bytes.append(byte)
            case _ where kept.contains(byte):
                bytes.append(byte)
            default:
                bytes += [0x25, hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reverses percent-encoding; `+` stays `+`.
    package var percentDecoded: String {
        guard utf8.contains(0x25) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, let value = rest.hexadecimalPair {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Substring.UTF8View {
    /// The byte that the first two digits write; a sign is no digit.
    fileprivate var hexadecimalPair: UInt8? {
        let digits = prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// A query string or form body: `a=1&b=x%20y`, fully encoded, in the given order.
package func formEncoded(_ pairs: [(String, String)]) -> String {
    pairs.map { "\($0.percentEncoded)=\($1.percentEncoded)" }.joined(separator: "&")
}
