import Journal

import COpenSSL

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) by libcrypto, with a nonce of 96 bits and a
/// tag of 128.
///
/// Texts have less than 2 GiB. As for digests, libcrypto can fail only for want of memory or at a
/// key or nonce of the wrong size, and that stops the program.
package struct AES256GCM: AuthenticatedEncryption {
    package let algorithm = "AES-256-GCM"
    package let keySize = 32
    package let nonceSize = 12
    private static let tagSize = 16

    package init() {}

    package func seal(
        _ text: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]
    ) -> [UInt8] {
        let cipher = CipherContext(.encrypt, key: key, nonce: nonce, context: context)
        return [UInt8](unsafeUninitializedCapacity: text.count + Self.tagSize) { buffer, count in
            cipher.process(text[...], into: buffer)
            let tag = UnsafeMutableRawBufferPointer(buffer).dropFirst(text.count)
            guard cipher.finish(),
                EVP_CIPHER_CTX_ctrl(
                    cipher.raw, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize),
                    UnsafeMutableRawBufferPointer(rebasing: tag).baseAddress) == 1
            else { preconditionFailure("libcrypto could not encrypt") }
            count = text.count + Self.tagSize
        }
    }

    package func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]
    ) -> [UInt8]? {
        let textSize = sealed.count - Self.tagSize
        guard textSize >= 0 else { return nil }
        let cipher = CipherContext(.decrypt, key: key, nonce: nonce, context: context)
        var tag = Array(sealed[textSize...])
        guard
            EVP_CIPHER_CTX_ctrl(
                cipher.raw, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag) == 1
        else { preconditionFailure("libcrypto did not take the tag") }
        var isAuthentic = false
        let text = [UInt8](unsafeUninitializedCapacity: textSize) { buffer, count in
            cipher.process(sealed[..<textSize], into: buffer)
            isAuthentic = cipher.finish()
            // Text that is not authentic is shown to nobody.
            if isAuthentic {
                count = textSize
            } else {
                OPENSSL_cleanse(buffer.baseAddress, textSize)
            }
        }
        return isAuthentic ? text : nil
    }
}

/// One encryption or decryption; libcrypto erases its copy of the key when it ends.
private struct CipherContext: ~Copyable {
    enum Direction: Int32 {
        case decrypt = 0
        case encrypt = 1
    }

    let raw: OpaquePointer

    init(_ direction: Direction, key: [UInt8], nonce: [UInt8], context: [UInt8]) {
        precondition(key.count == 32 && nonce.count == 12)
        let algorithm = EVP_CIPHER_fetch(LibraryContext.shared.raw, "AES-256-GCM", nil)
        defer { EVP_CIPHER_free(algorithm) }
        guard let raw = EVP_CIPHER_CTX_new(),
            EVP_CipherInit_ex2(raw, algorithm, key, nonce, direction.rawValue, nil) == 1
        else { preconditionFailure("libcrypto could not begin AES-256-GCM") }
        self.raw = raw
        var count: Int32 = 0
        // Without a place for its result, the input is only authenticated.
        guard EVP_CipherUpdate(raw, nil, &count, context, Int32(context.count)) == 1 else {
            preconditionFailure("libcrypto did not take the context")
        }
    }

    func process(_ input: ArraySlice<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) {
        guard !input.isEmpty else { return }
        var count: Int32 = 0
        let isDone = input.withUnsafeBufferPointer { input in
            EVP_CipherUpdate(
                raw, output.baseAddress, &count, input.baseAddress, Int32(input.count)) == 1
        }
        precondition(isDone && Int(count) == input.count, "libcrypto could not go through the text")
    }

    /// - Returns: false when a decrypted text does not fit its tag.
    func finish() -> Bool {
        var rest: [UInt8] = Array(repeating: 0, count: 16)
        var count: Int32 = 0
        return EVP_CipherFinal_ex(raw, &rest, &count) == 1
    }

    deinit { EVP_CIPHER_CTX_free(raw) }
}
