import Resources

import COpenSSL

/// Digests by libcrypto.
///
/// The calls work in a library context of their own, which no `openssl.cnf` reaches and which
/// always holds the default algorithms: they could fail only for want of memory. A digest that is
/// wrong would be worse than none, so that stops the program.
package struct OpenSSLDigests: Digesting {
    package init() {}

    package func sha256(_ bytes: [UInt8]) -> [UInt8] {
        digest(named: "SHA-256") { digest, length in
            EVP_Q_digest(
                LibraryContext.shared.raw, "SHA256", nil, bytes, bytes.count, digest, length) == 1
        }
    }

    package func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        // HMAC pads keys with zeros: one zero is the empty key, which libcrypto takes for no key.
        let key = key.isEmpty ? [0] : key
        return digest(named: "HMAC-SHA-256") { digest, length in
            EVP_Q_mac(
                LibraryContext.shared.raw, "HMAC", nil, "SHA256", nil, key, key.count,
                bytes, bytes.count, digest, 32, length) != nil
        }
    }

    private func digest(
        named name: String,
        _ compute: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Bool
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            guard compute(buffer.baseAddress, &count), count == 32 else {
                preconditionFailure("libcrypto could not compute \(name)")
            }
        }
    }
}
