package import Resources

import COpenSSL

/// A new private key on the curve P-256, and the request to have a certificate for it: PKCS #10.
///
/// The request names nobody but its hostnames (<https://www.rfc-editor.org/rfc/rfc2986>): who
/// issues the certificate decides on the rest. Nothing here depends on what is outside, so it
/// could fail only for want of memory, and that stops the program.
package struct CertificateRequest: Sendable {
    /// In PEM, PKCS #8, without a passphrase.
    package let key: Secret
    /// In PEM.
    package let text: String

    /// - Parameter hostnames: as they stand in DNS; a wildcard is one, too.
    package init(for hostnames: [String]) {
        let pair = Self.keyPair()
        defer { EVP_PKEY_free(pair) }
        key = Secret(
            Self.text { PEM_write_bio_PKCS8PrivateKey($0, pair, nil, nil, 0, nil, nil) })
        text = Self.text { output in
            Self.request(for: hostnames, by: pair) { PEM_write_bio_X509_REQ(output, $0) }
        }
    }

    private static func keyPair() -> OpaquePointer {
        let context = EVP_PKEY_CTX_new_from_name(LibraryContext.shared.raw, "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        var pair: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &pair) == 1, let pair
        else { preconditionFailure("libcrypto could not make a key") }
        return pair
    }

    /// Hands a signed request to `write`.
    private static func request(
        for hostnames: [String], by pair: OpaquePointer, _ write: (OpaquePointer) -> Int32
    ) -> Int32 {
        let names = hostnames.map { "DNS:\($0)" }.joined(separator: ",")
        let extensions = OPENSSL_sk_new_null()
        defer { OPENSSL_sk_free(extensions) }
        guard let request = X509_REQ_new_ex(LibraryContext.shared.raw, nil),
            let alternatives = X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, names)
        else { preconditionFailure("libcrypto takes no such hostnames") }
        defer {
            X509_REQ_free(request)
            X509_EXTENSION_free(alternatives)
        }
        guard OPENSSL_sk_push(extensions, UnsafeRawPointer(alternatives)) == 1,
            X509_REQ_add_extensions(request, extensions) == 1,
            X509_REQ_set_pubkey(request, pair) == 1,
            X509_REQ_sign(request, pair, EVP_sha256()) > 0
        else { preconditionFailure("libcrypto could not sign") }
        return write(request)
    }

    /// What is written into memory that is wiped afterwards.
    private static func text(_ write: (OpaquePointer) -> Int32) -> String {
        guard let memory = BIO_new(BIO_s_secmem()) else {
            preconditionFailure("libcrypto has no memory")
        }
        defer { BIO_free(memory) }
        guard write(memory) == 1 else { preconditionFailure("libcrypto could not write PEM") }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(memory))
        defer { bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        guard BIO_read(memory, &bytes, Int32(bytes.count)) == bytes.count else {
            preconditionFailure("libcrypto could not read PEM")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
