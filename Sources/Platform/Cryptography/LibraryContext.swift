import COpenSSL

/// libcrypto's algorithms, apart from the system's configuration.
///
/// It is read only once made, and OpenSSL locks within it: that makes `@unchecked Sendable` true.
final class LibraryContext: @unchecked Sendable {
    static let shared = LibraryContext()

    let raw = OSSL_LIB_CTX_new()

    deinit { OSSL_LIB_CTX_free(raw) }
}
