/// Encryption that shows whether anything was changed; libcrypto is behind it.
package protocol AuthenticatedEncryption: Sendable {
    /// As it stands in an object's header: `AES-256-GCM`.
    var algorithm: String { get }
    /// In bytes.
    var keySize: Int { get }
    /// In bytes.
    var nonceSize: Int { get }

    /// - Parameters:
    ///   - nonce: never used twice with one key: two texts under one nonce give the key's
    ///     authentication away.
    ///   - context: authenticated with the text.
    /// - Returns: the encrypted text, then the authentication tag.
    func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]) -> [UInt8]

    /// - Returns: `nil` when the key, the nonce, the context or any bit is not that of `seal`.
    func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]) -> [UInt8]?
}
