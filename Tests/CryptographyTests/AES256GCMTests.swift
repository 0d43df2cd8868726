import Cryptography
import Testing

@Suite struct AES256GCMTests {
    /// Cases 13 to 16 of "The Galois/Counter Mode of Operation" as submitted to NIST, appendix B,
    /// and one of the CAVP's `gcmEncryptExtIV256.rsp`.
    struct Vector: CustomTestStringConvertible {
        let name: String
        let key: String
        let nonce: String
        let text: String
        var context = ""
        let sealed: String
        let tag: String
        var testDescription: String { name }

        private static let key =
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
        private static let text =
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        private static let sealed =
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"

        static let all = [
            Vector(
                name: "13, no text", key: zeros(32), nonce: zeros(12), text: "", sealed: "",
                tag: "530f8afbc74536b9a963b4f1c4cb738b"),
            Vector(
                name: "14, one block", key: zeros(32), nonce: zeros(12), text: zeros(16),
                sealed: "cea7403d4d606b6e074ec5d3baf39d18",
                tag: "d0d1c8a799996bf0265b98b5d48ab919"),
            Vector(
                name: "15, four blocks", key: key, nonce: "cafebabefacedbaddecaf888",
                text: text + "1aafd255", sealed: sealed + "898015ad",
                tag: "b094dac5d93471bdec1a502270e3cc6c"),
            Vector(
                name: "16, a part of a block, with a context", key: key,
                nonce: "cafebabefacedbaddecaf888", text: text,
                context: "feedfacedeadbeeffeedfacedeadbeefabaddad2", sealed: sealed,
                tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
            Vector(
                name: "CAVP, only a context",
                key: "78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223",
                nonce: "d79cf22d504cc793c3fb6c8a", text: "",
                context: "b96baa8c1c75a671bfb2d08d06be5f36", sealed: "",
                tag: "3e5d486aa2e30b22e040b85723a06e76"),
        ]

        private static func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }
    }

    private let encryption = AES256GCM()

    @Test(arguments: Vector.all) func encryptsAsPublished(_ vector: Vector) {
        let sealed = encryption.seal(
            bytes(vector.text), key: bytes(vector.key), nonce: bytes(vector.nonce),
            context: bytes(vector.context))
        #expect(sealed == bytes(vector.sealed + vector.tag))
        let opened = encryption.open(
            sealed, key: bytes(vector.key), nonce: bytes(vector.nonce),
            context: bytes(vector.context))
        #expect(opened == bytes(vector.text))
    }

    @Test func anyFlippedBitIsRefused() {
        let vector = Vector.all[3]
        let parts = [vector.sealed + vector.tag, vector.key, vector.nonce, vector.context]
            .map(bytes)
        for part in parts.indices {
            for bit in 0..<parts[part].count * 8 {
                var changed = parts
                changed[part][bit / 8] ^= 1 << (bit % 8)
                let opened = encryption.open(
                    changed[0], key: changed[1], nonce: changed[2], context: changed[3])
                #expect(opened == nil, "part \(part), bit \(bit)")
            }
        }
    }

    @Test func textThatIsCutOffOrGrownIsRefused() {
        let key = [UInt8](repeating: 1, count: 32)
        let nonce = [UInt8](repeating: 2, count: 12)
        let sealed = encryption.seal([1, 2, 3], key: key, nonce: nonce, context: [])
        let others = (0..<sealed.count).map { Array(sealed.prefix($0)) } + [sealed + [0]]
        for other in others {
            #expect(encryption.open(other, key: key, nonce: nonce, context: []) == nil)
        }
        #expect(encryption.open(sealed, key: key, nonce: nonce, context: [0]) == nil)
    }

    @Test func largeTextComesBack() {
        let key = [UInt8](repeating: 1, count: 32)
        let nonce = [UInt8](repeating: 2, count: 12)
        let text = [UInt8](repeating: 3, count: 3_000_001)
        let sealed = encryption.seal(text, key: key, nonce: nonce, context: [4])
        #expect(encryption.open(sealed, key: key, nonce: nonce, context: [4]) == text)
    }
}

/// Reads hexadecimal digits, two a byte.
private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
