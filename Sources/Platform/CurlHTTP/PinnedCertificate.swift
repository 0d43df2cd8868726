import HTTP

import CCurl
import COpenSSL

/// The one certificate that a server must show.
///
/// OpenSSL asks it during the handshake, so a server with another certificate does not see a byte
/// of the request. Chain, names and dates are not looked at: the fingerprint says it all.
final class PinnedCertificate {
    /// 64 lower-case hexadecimal digits.
    let fingerprint: String
    /// The fingerprint of the last certificate that was not it.
    private(set) var rejected: String?
    private let digest: [UInt8]

    /// - Parameter fingerprint: SHA-256 of the certificate in hexadecimal, colons allowed.
    init?(_ fingerprint: String) {
        let digits = fingerprint.lowercased().filter { $0 != ":" && !$0.isWhitespace }
        guard digits.utf8.count == 64 else { return nil }
        var digest: [UInt8] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard rest.prefix(2).allSatisfy(\.isHexDigit),
                let byte = UInt8(rest.prefix(2), radix: 16)
            else { return nil }
            digest.append(byte)
            rest = rest.dropFirst(2)
        }
        self.fingerprint = digits
        self.digest = digest
    }

    /// Makes the certificate at `pin` the judge of every handshake under `context`.
    static func install(
        in context: UnsafeMutableRawPointer?, _ pin: UnsafeMutableRawPointer?
    ) -> CURLcode {
        guard let context, pin != nil else { return CURLE_ABORTED_BY_CALLBACK }
        let sslContext = OpaquePointer(context)
        SSL_CTX_set_cert_verify_callback(
            sslContext,
            { store, pin in
                guard let pin else { return 0 }
                return Unmanaged<PinnedCertificate>.fromOpaque(pin).takeUnretainedValue()
                    .judges(store) ? 1 : 0
            }, pin)
        SSL_CTX_set_verify(sslContext, SSL_VERIFY_PEER, nil)
        return CURLE_OK
    }

    private func judges(_ store: OpaquePointer?) -> Bool {
        var shown = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard let leaf = X509_STORE_CTX_get0_cert(store),
            X509_digest(leaf, EVP_sha256(), &shown, &count) == 1, count == 32,
            CRYPTO_memcmp(shown, digest, 32) == 0
        else {
            rejected = shown.map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count == 1 ? "0\(digits)" : digits
            }.joined(separator: ":")
            X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)
            return false
        }
        X509_STORE_CTX_set_error(store, X509_V_OK)
        return true
    }
}
