import Cryptography
import Resources
import Testing

@Suite struct OpenSSLDigestsTests {
    /// A message and its SHA-256, from FIPS 180-2 appendix B and the NIST examples.
    struct Message: CustomTestStringConvertible {
        let text: String
        let digest: String
        var testDescription: String { "\(text.utf8.count) bytes" }

        static let all = [
            Message(
                text: "",
                digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            Message(
                text: "abc",
                digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            Message(
                text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
            Message(
                text: String(repeating: "a", count: 1_000_000),
                digest: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ]
    }

    @Test(arguments: Message.all) func sha256(_ message: Message) {
        #expect(OpenSSLDigests().sha256Hexadecimal(message.text) == message.digest)
    }

    /// A test case of RFC 4231, section 4; the fifth truncates, so it is left out.
    struct Authentication: CustomTestStringConvertible {
        let number: Int
        let key: [UInt8]
        let data: [UInt8]
        let digest: String
        var testDescription: String { "case \(number)" }

        static let all = [
            Authentication(
                number: 1, key: bytes(0x0b, 20), data: Array("Hi There".utf8),
                digest: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            Authentication(
                number: 2, key: Array("Jefe".utf8),
                data: Array("what do ya want for nothing?".utf8),
                digest: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            Authentication(
                number: 3, key: bytes(0xaa, 20), data: bytes(0xdd, 50),
                digest: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            Authentication(
                number: 4, key: Array(0x01...0x19), data: bytes(0xcd, 50),
                digest: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            Authentication(
                number: 6, key: bytes(0xaa, 131),
                data: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                digest: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
            Authentication(
                number: 7, key: bytes(0xaa, 131),
                data: Array(
                    """
                    This is a test using a larger than block-size key and a larger than \
                    block-size data. The key needs to be hashed before being used by the HMAC \
                    algorithm.
                    """.utf8),
                digest: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        ]

        private static func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] {
            Array(repeating: byte, count: count)
        }
    }

    @Test(arguments: Authentication.all) func hmacSHA256(_ example: Authentication) {
        let digest = OpenSSLDigests().hmacSHA256(example.data, key: example.key)
        #expect(digest.hexadecimal == example.digest)
    }

    @Test func anEmptyKeyAndMessageHaveADigest() {
        #expect(
            OpenSSLDigests().hmacSHA256([], key: []).hexadecimal
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func manyTasksDigestAtOnce() async {
        let digests = await withTaskGroup(of: String.self) { group in
            for _ in 0..<200 { group.addTask { OpenSSLDigests().sha256Hexadecimal("abc") } }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(digests == [Message.all[1].digest])
    }
}
