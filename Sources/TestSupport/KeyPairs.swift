import COpenSSL
import CSodium
package import Resources

/// An RSA key as GitHub gives it to an App, made for one test.
///
/// It is only read once made: that makes `@unchecked Sendable` true.
package final class RSAKeyPair: @unchecked Sendable {
    private let key: OpaquePointer

    package init() {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            preconditionFailure("libcrypto has no RSA")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1,
            EVP_PKEY_generate(context, &made) == 1, let made
        else { preconditionFailure("libcrypto could not make a key") }
        key = made
    }

    deinit { EVP_PKEY_free(key) }

    /// In PEM: PKCS #1 as GitHub writes it, or PKCS #8.
    package func privateKey(traditional: Bool = true) -> Secret {
        let output = BIO_new(BIO_s_mem())
        defer { BIO_free(output) }
        let isDone =
            traditional
            ? PEM_write_bio_PrivateKey_traditional(output, key, nil, nil, 0, nil, nil)
            : PEM_write_bio_PrivateKey(output, key, nil, nil, 0, nil, nil)
        precondition(isDone == 1, "libcrypto could not write a key")
        var text = [UInt8](repeating: 0, count: 8192)
        let count = BIO_read(output, &text, Int32(text.count))
        return Secret(String(decoding: text.prefix(Int(count)), as: UTF8.self))
    }

    /// True when the signature of the message is by this key, by RS256.
    package func verifies(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit_ex(context, nil, "SHA256", nil, nil, key, nil) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

/// A key pair of libsodium's, which sealed boxes are opened with.
package struct BoxKeyPair: Sendable {
    package let publicKey: [UInt8]
    private let secretKey: [UInt8]

    package init() {
        var publicKey = [UInt8](repeating: 0, count: crypto_box_publickeybytes())
        var secretKey = [UInt8](repeating: 0, count: crypto_box_secretkeybytes())
        guard sodium_init() >= 0, crypto_box_keypair(&publicKey, &secretKey) == 0 else {
            preconditionFailure("libsodium could not make a key")
        }
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// The text in a sealed box; `nil` when it is for somebody else, or changed.
    package func open(_ box: [UInt8]) -> [UInt8]? {
        guard box.count >= crypto_box_sealbytes() else { return nil }
        var text = [UInt8](repeating: 0, count: box.count - crypto_box_sealbytes())
        let isOpen = crypto_box_seal_open(&text, box, UInt64(box.count), publicKey, secretKey) == 0
        return isOpen ? text : nil
    }
}
