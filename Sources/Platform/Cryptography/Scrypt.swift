package import Resources

import COpenSSL

/// Keys from passphrases by scrypt (RFC 7914), through libcrypto.
package enum Scrypt {
    /// What one derivation costs.
    package struct Cost: Hashable, Sendable {
        /// The number of blocks that are kept; a power of two.
        package let n: Int
        /// The size of a block, in units of 128 bytes.
        package let r: Int
        /// How often all is done.
        package let p: Int

        package init(n: Int, r: Int, p: Int) {
            self.n = n
            self.r = r
            self.p = p
        }

        /// N = 2^17, r = 8, p = 1: 128 MiB, and about a third of a second.
        ///
        /// It is the least that OWASP's Password Storage Cheat Sheet recommends for scrypt, at
        /// the r and p of RFC 7914, section 2. Whoever can read the bucket can guess offline, so
        /// the state takes no less; a runner with 1 GiB of memory can still bear it.
        package static let standard = Cost(n: 1 << 17, r: 8, p: 1)

        /// In bytes.
        package var memory: Int { 128 * n * r }
    }

    /// - Returns: `nil` when the cost makes no sense or there is not as much memory.
    package static func deriveKey(
        _ passphrase: Secret, salt: [UInt8], cost: Cost, size: Int
    ) -> DerivedKey? {
        // Besides the blocks, libcrypto counts what it works in: p blocks and some more.
        let limit = UInt64(cost.memory + 128 * cost.r * (cost.p + 4))
        var isDone = false
        let key = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            isDone = passphrase.revealed.withCString { text in
                EVP_PBE_scrypt_ex(
                    text, passphrase.revealed.utf8.count, salt, salt.count, UInt64(cost.n),
                    UInt64(cost.r), UInt64(cost.p), limit, buffer.baseAddress, size,
                    LibraryContext.shared.raw, nil) == 1
            }
            count = isDone ? size : 0
        }
        return isDone ? DerivedKey(key) : nil
    }
}

/// A key that is erased from memory when nobody needs it any more.
///
/// Only its end changes it: that makes `@unchecked Sendable` true. The erasure reaches the one
/// copy there is as long as nobody keeps `bytes`.
package final class DerivedKey: @unchecked Sendable {
    package private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    deinit {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
