/// The digests that Core, the providers and the simulated world need; libssl is behind it.
package protocol Digesting: Sendable {
    func sha256(_ bytes: [UInt8]) -> [UInt8]
    func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]
}

extension Digesting {
    /// SHA-256 of the text's UTF-8, as 64 lower-case hexadecimal digits.
    package func sha256Hexadecimal(_ text: String) -> String {
        sha256(Array(text.utf8)).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits a byte.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
