package import Resources

import COpenSSL

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2), which JSON Web Tokens call RS256.
package enum RSASignature {
    /// - Parameter key: a private RSA key in PEM, PKCS #1 or #8, without a passphrase.
    /// - Returns: `nil` when it is no such key.
    package static func sign(_ message: [UInt8], with key: Secret) -> [UInt8]? {
        guard let key = privateKey(key) else { return nil }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, let context = EVP_MD_CTX_new() else {
            return nil
        }
        defer { EVP_MD_CTX_free(context) }
        var size = 0
        guard
            EVP_DigestSignInit_ex(
                context, nil, "SHA256", LibraryContext.shared.raw, nil, key, nil) == 1,
            EVP_DigestSign(context, nil, &size, message, message.count) == 1
        else { return nil }
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard EVP_DigestSign(context, buffer.baseAddress, &size, message, message.count) == 1
            else { preconditionFailure("libcrypto could not sign") }
            count = size
        }
    }

    private static func privateKey(_ key: Secret) -> OpaquePointer? {
        var text = Array(key.revealed.utf8)
        defer { text.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        guard let input = BIO_new_mem_buf(text, Int32(text.count)) else { return nil }
        defer { BIO_free(input) }
        // A key under a passphrase is refused instead of asked about on the terminal.
        let found = PEM_read_bio_PrivateKey_ex(
            input, nil, { _, _, _, _ in -1 }, nil, LibraryContext.shared.raw, nil)
        ERR_clear_error()
        return found
    }
}
