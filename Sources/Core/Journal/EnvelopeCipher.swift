package import Resources

import Foundation
import Synchronization

/// Encrypts objects under a data key, which travels with each object in wrapped form.
///
/// It seals with the first data key that it meets; only where nothing was encrypted yet does it
/// make one. So all objects of a store share a key, and a run asks the passphrase or KMS once.
///
/// Nonces are 96 random bits. By NIST SP 800-38D, section 8.3, one key is good for 2^32 of them.
package final class EnvelopeCipher: StateCipher {
    private struct DataKey: Sendable {
        let wrapped: WrappedKey
        let bytes: [UInt8]
    }

    private struct Keys {
        /// Those that were unwrapped, or are being.
        var opened: [WrappedKey: Task<DataKey, any Error>] = [:]
        var sealing: Task<DataKey, any Error>?
    }

    private let wrapping: any KeyWrapping
    private let encryption: any AuthenticatedEncryption
    private let random: any RandomSource
    private let keys = Mutex(Keys())

    package init(
        _ wrapping: any KeyWrapping, encryption: any AuthenticatedEncryption,
        random: any RandomSource
    ) {
        self.wrapping = wrapping
        self.encryption = encryption
        self.random = random
    }

    package func seal(_ text: [UInt8], context: [UInt8]) async throws -> SealedText {
        let key = try await sealingKey()
        let nonce = random.bytes(encryption.nonceSize)
        return SealedText(
            header: EncryptionHeader(
                algorithm: encryption.algorithm, nonce: Data(nonce).base64EncodedString(),
                key: key.wrapped),
            bytes: encryption.seal(text, key: key.bytes, nonce: nonce, context: context))
    }

    package func open(
        _ sealed: SealedText, context: [UInt8], location: String
    ) async throws -> [UInt8] {
        let header = sealed.header
        guard header.algorithm == encryption.algorithm else {
            throw StateError.undecipherable(
                location: location,
                detail: "it is encrypted with \"\(header.algorithm)\", "
                    + "and this Launch knows only \(encryption.algorithm)")
        }
        guard let nonce = Data(base64Encoded: header.nonce), nonce.count == encryption.nonceSize
        else {
            throw StateError.undecipherable(
                location: location, detail: "its nonce is not \(encryption.nonceSize) bytes")
        }
        let key = try await dataKey(header.key, location: location)
        guard
            let text = encryption.open(
                sealed.bytes, key: key.bytes, nonce: Array(nonce), context: context)
        else {
            throw StateError.undecipherable(
                location: location,
                detail: "it was changed after it was encrypted, or it belongs elsewhere")
        }
        sealIfKeyless(with: key)
        return text
    }
}

extension EnvelopeCipher {
    private func sealIfKeyless(with key: DataKey) {
        keys.withLock { keys in
            if keys.sealing == nil { keys.sealing = Task { key } }
        }
    }

    /// The data key for what is sealed now; made once, whoever asks meanwhile.
    private func sealingKey() async throws -> DataKey {
        let task = keys.withLock { keys in
            if let task = keys.sealing { return task }
            let task = shieldedTask { [wrapping] in
                let made = try await wrapping.makeKey()
                return DataKey(wrapped: made.wrapped, bytes: made.key)
            }
            keys.sealing = task
            return task
        }
        do {
            let key = try await task.value
            keys.withLock { $0.opened[key.wrapped] = task }
            return key
        } catch {
            keys.withLock { keys in
                if keys.sealing == task { keys.sealing = nil }
            }
            throw error
        }
    }

    /// The data key that `wrapped` holds; unwrapped once, whoever asks meanwhile.
    private func dataKey(_ wrapped: WrappedKey, location: String) async throws -> DataKey {
        let task = keys.withLock { keys in
            if let task = keys.opened[wrapped] { return task }
            let task = shieldedTask { try await self.unwrap(wrapped, location: location) }
            keys.opened[wrapped] = task
            return task
        }
        do {
            return try await task.value
        } catch {
            keys.withLock { keys in
                if keys.opened[wrapped] == task { keys.opened[wrapped] = nil }
            }
            throw error
        }
    }

    private func unwrap(_ wrapped: WrappedKey, location: String) async throws -> DataKey {
        let bytes = try await wrapping.unwrap(wrapped, location: location)
        guard bytes.count == encryption.keySize else {
            throw StateError.undecipherable(
                location: location, detail: "its key is not \(encryption.keySize) bytes")
        }
        return DataKey(wrapped: wrapped, bytes: bytes)
    }
}
