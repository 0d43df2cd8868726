import CSodium

/// libsodium's sealed boxes: anybody may seal to a public key, and only its owner opens.
///
/// X25519, XSalsa20 and Poly1305 with a key pair of the sender's that is thrown away; GitHub
/// takes the values of secrets in this form:
/// <https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api>,
/// <https://doc.libsodium.org/public-key_cryptography/sealed_boxes>.
package enum SealedBox {
    /// In bytes.
    package static let keySize = crypto_box_publickeybytes()

    /// - Returns: `nil` when the key has another size, or is a point that nobody can own.
    package static func seal(_ text: [UInt8], to publicKey: [UInt8]) -> [UInt8]? {
        guard sodium_init() >= 0, publicKey.count == keySize else { return nil }
        var box = [UInt8](repeating: 0, count: text.count + crypto_box_sealbytes())
        guard crypto_box_seal(&box, text, UInt64(text.count), publicKey) == 0 else { return nil }
        return box
    }
}
