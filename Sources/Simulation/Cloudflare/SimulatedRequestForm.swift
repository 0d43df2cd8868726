import Foundation

/// A certificate request as far as an authority looks at its form: PKCS #10, whose signature is
/// not checked here. <https://www.rfc-editor.org/rfc/rfc2986>
struct SimulatedRequestForm {
    private static let opening = "-----BEGIN CERTIFICATE REQUEST-----"
    private static let closing = "-----END CERTIFICATE REQUEST-----"
    /// 1.2.840.10045.2.1 and 1.2.840.10045.3.1.7: <https://www.rfc-editor.org/rfc/rfc5480>.
    private static let ellipticKey: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
    private static let p256: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
    /// 1.2.840.113549.1.1.1: <https://www.rfc-editor.org/rfc/rfc3279>.
    private static let rsaKey: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]

    /// In DER.
    let content: Data
    /// What the key is of: an algorithm, and its parameters where they are a name.
    private let algorithm: [[UInt8]]

    /// `nil` when it is none.
    init?(pem: String) {
        let lines = pem.split(whereSeparator: \.isNewline).map(String.init)
        guard lines.first == Self.opening, lines.last == Self.closing,
            let data = Data(base64Encoded: lines.dropFirst().dropLast().joined()),
            let request = DERElement(Array(data)), request.isSequence,
            let parts = request.elements, parts.count == 3,
            let info = parts[0].elements, info.count == 4, info[0].content == [0],
            info[1].isSequence, let key = info[2].elements, key.count == 2,
            let algorithm = key[0].elements, parts[1].isSequence, parts[2].tag == 0x03
        else { return nil }
        content = data
        self.algorithm = algorithm.filter { $0.tag == 0x06 }.map { Array($0.content) }
    }

    var hasKeyOnP256: Bool { algorithm == [Self.ellipticKey, Self.p256] }
    var hasRSAKey: Bool { algorithm == [Self.rsaKey] }
}

/// One element of DER: X.690.
private struct DERElement {
    let tag: UInt8
    let content: ArraySlice<UInt8>

    var isSequence: Bool { tag == 0x30 }

    /// `nil` when the bytes are not exactly one.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        self.init(from: &rest)
        guard rest.isEmpty else { return nil }
    }

    private init?(from rest: inout ArraySlice<UInt8>) {
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            guard (1...3).contains(first & 0x7f), rest.count >= first & 0x7f else { return nil }
            length = 0
            for _ in 0..<(first & 0x7f) { length = length << 8 | Int(rest.removeFirst()) }
        }
        guard rest.count >= length else { return nil }
        self.tag = tag
        content = rest.prefix(length)
        rest = rest.dropFirst(length)
    }

    /// What is inside; `nil` when that is not made of elements.
    var elements: [DERElement]? {
        var rest = content
        var found: [DERElement] = []
        while !rest.isEmpty {
            guard let element = DERElement(from: &rest) else { return nil }
            found.append(element)
        }
        return found
    }
}
