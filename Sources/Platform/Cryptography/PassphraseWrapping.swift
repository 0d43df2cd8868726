package import Journal
package import Resources

import Foundation
import Synchronization

/// Wraps data keys by AES-256-GCM under a key that scrypt makes from a passphrase.
package final class PassphraseWrapping: KeyWrapping {
    /// In characters. NIST SP 800-63B asks for 8 where attempts are limited, and here they are
    /// not.
    package static let minimumLength = 12
    /// In bytes; RFC 7914 leaves it open, NIST SP 800-132 asks for 16.
    private static let saltSize = 16

    private let passphrase: Secret
    private let origin: String
    private let cost: Scrypt.Cost
    private let random: any RandomSource
    private let encryption = AES256GCM()
    private let derivedKeys = Mutex<[KeySource: DerivedKey]>([:])

    /// - Parameters:
    ///   - passphrase: in whatever way its accents are composed.
    ///   - origin: where it comes from, for errors: the variable's name.
    ///   - cost: of new keys; no more than `Scrypt.Cost.standard`, or it could not read them back.
    package init(
        _ passphrase: Secret, from origin: String, random: any RandomSource,
        cost: Scrypt.Cost = .standard
    ) {
        self.passphrase = Secret(passphrase.revealed.precomposedStringWithCanonicalMapping)
        self.origin = origin
        self.cost = cost
        self.random = random
    }

    /// - Throws: `StateError.inaccessible` at `origin` for a passphrase that is easily guessed.
    package func makeKey() async throws -> (key: [UInt8], wrapped: WrappedKey) {
        try checkLength()
        let source = KeySource.scrypt(
            n: cost.n, r: cost.r, p: cost.p, salt: base64(random.bytes(Self.saltSize)))
        let wrappingKey = try derivedKey(source, location: origin)
        let id = random.hexadecimal(32)
        let key = random.bytes(encryption.keySize)
        let nonce = random.bytes(encryption.nonceSize)
        let sealed = encryption.seal(
            key, key: wrappingKey.bytes, nonce: nonce, context: Self.context(id))
        return (key, WrappedKey(id: id, wrapped: base64(nonce + sealed), source: source))
    }

    package func unwrap(_ wrapped: WrappedKey, location: String) async throws -> [UInt8] {
        guard let bytes = Data(base64Encoded: wrapped.wrapped).map(Array.init),
            bytes.count > encryption.nonceSize
        else {
            throw StateError.undecipherable(
                location: location, detail: "its wrapped key is damaged")
        }
        let wrappingKey = try derivedKey(wrapped.source, location: location)
        guard
            let key = encryption.open(
                Array(bytes.dropFirst(encryption.nonceSize)), key: wrappingKey.bytes,
                nonce: Array(bytes.prefix(encryption.nonceSize)),
                context: Self.context(wrapped.id))
        else {
            throw StateError.undecipherable(
                location: location,
                detail: "the passphrase in \(origin) is not the one that it is encrypted with, "
                    + "or its wrapped key was changed")
        }
        return key
    }

    /// What a wrapped key is for: it authenticates nothing else, and under no other name.
    private static func context(_ id: String) -> [UInt8] {
        Array("launch state data key v1 \(id)".utf8)
    }
}

extension PassphraseWrapping {
    private func checkLength() throws {
        let length = passphrase.revealed.count
        guard length < Self.minimumLength else { return }
        throw StateError.inaccessible(
            location: origin,
            detail: length == 0
                ? "the passphrase is empty"
                : "the passphrase has \(length) characters, and the least is \(Self.minimumLength)",
            remedy: "Set \(origin) to a passphrase that nobody guesses, "
                + "for example from `openssl rand -base64 24`.")
    }

    /// The wrapping key, derived once. Who asks meanwhile waits for it: two derivations at once
    /// would take twice the memory.
    private func derivedKey(_ source: KeySource, location: String) throws -> DerivedKey {
        let (cost, salt) = try parameters(of: source, location: location)
        return try derivedKeys.withLock { keys in
            if let key = keys[source] { return key }
            guard let key = Scrypt.deriveKey(passphrase, salt: salt, cost: cost, size: 32) else {
                throw StateError.undecipherable(
                    location: location,
                    detail: "scrypt could not make the key: it needs \(cost.memory >> 20) MiB")
            }
            keys[source] = key
            return key
        }
    }

    /// The parameters of a header, which anybody may have written: none may cost more than those
    /// of this Launch.
    private func parameters(
        of source: KeySource, location: String
    ) throws -> (Scrypt.Cost, salt: [UInt8]) {
        guard case .scrypt(let n, let r, let p, let salt) = source else {
            throw StateError.undecipherable(
                location: location,
                detail: "its key is wrapped by \(source.keeper), and a passphrase is configured")
        }
        let limit = Scrypt.Cost.standard
        guard (2...limit.n).contains(n), n.nonzeroBitCount == 1, r == limit.r, p == limit.p,
            let salt = Data(base64Encoded: salt), salt.count == Self.saltSize
        else {
            throw StateError.undecipherable(
                location: location,
                detail: "it names parameters for scrypt that Launch does not use")
        }
        return (Scrypt.Cost(n: n, r: r, p: p), Array(salt))
    }

    private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
