/// Encrypts what the state store writes. The key never leaves it.
package protocol StateCipher: Sendable {
    /// - Parameter context: authenticated with the text and not kept in it: what the text belongs
    ///   to. Opening it with another context fails.
    /// - Throws: `StateError` when the key cannot be had.
    func seal(_ text: [UInt8], context: [UInt8]) async throws -> SealedText
    /// - Throws: `StateError.undecipherable` at `location` for a wrong key, a changed text or a
    ///   wrong context.
    func open(
        _ sealed: SealedText, context: [UInt8], location: String
    ) async throws -> [UInt8]
}

/// Encrypted text with what is needed, besides the key, to read it.
package struct SealedText: Hashable, Sendable {
    package let header: EncryptionHeader
    /// Ends with the authentication tag.
    package let bytes: [UInt8]

    package init(header: EncryptionHeader, bytes: [UInt8]) {
        self.header = header
        self.bytes = bytes
    }
}

/// What stands in clear at the head of an encrypted object.
package struct EncryptionHeader: Hashable, Sendable {
    package let algorithm: String
    /// Base64; never used twice with one key.
    package let nonce: String
    /// The key that the text is encrypted with, itself encrypted.
    package let key: WrappedKey

    package init(algorithm: String, nonce: String, key: WrappedKey) {
        self.algorithm = algorithm
        self.nonce = nonce
        self.key = key
    }
}

/// A data key, encrypted under a passphrase's key or by KMS.
package struct WrappedKey: Hashable, Sendable {
    /// Names the data key, so that it is unwrapped once.
    package let id: String
    /// Base64.
    package let wrapped: String
    /// How the wrapping key is had.
    package let source: KeySource

    package init(id: String, wrapped: String, source: KeySource) {
        self.id = id
        self.wrapped = wrapped
        self.source = source
    }
}

/// Where a wrapping key comes from, with its parameters.
package enum KeySource: Hashable, Sendable {
    /// RFC 7914: cost, block size, parallelism; the salt in Base64.
    case scrypt(n: Int, r: Int, p: Int, salt: String)
    case kms(keyID: String)

    /// For people.
    package var keeper: String {
        switch self {
        case .scrypt: "a passphrase"
        case .kms(let keyID): "the KMS key \(keyID)"
        }
    }
}

/// Makes data keys and brings them back: a passphrase or KMS is behind it.
package protocol KeyWrapping: Sendable {
    /// A new data key of 32 bytes with its wrapped form.
    func makeKey() async throws -> (key: [UInt8], wrapped: WrappedKey)
    /// - Throws: `StateError.undecipherable` at `location` when this is not the right wrapping key.
    func unwrap(_ wrapped: WrappedKey, location: String) async throws -> [UInt8]
}
