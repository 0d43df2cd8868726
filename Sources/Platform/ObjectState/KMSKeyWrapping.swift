package import HTTP
package import Journal
package import Resources

import Foundation

/// Data keys that AWS KMS makes and alone can bring back.
///
/// KMS binds each to the project, and its audit log shows the project beside every use.
package struct KMSKeyWrapping: KeyWrapping {
    private static let keySize = 32

    private let keyID: String
    private let context: Value
    private let service: JSONService

    /// - Parameters:
    ///   - keyID: a key's id, ARN or alias.
    ///   - endpoint: without a slash at the end.
    ///   - http: signs for KMS in the key's region.
    package init(
        keyID: String, project: String, endpoint: String, http: any SigningHTTPClient,
        time: any TimeSource, random: any RandomSource
    ) {
        self.keyID = keyID
        context = ["launch:project": .string(project)]
        service = JSONService(
            endpoint: endpoint, version: "1.1", targetPrefix: "TrentService",
            caller: ServiceCaller(
                location: "KMS key \(keyID)", service: "KMS",
                endpointSetting: "AWS_ENDPOINT_URL_KMS", http: http, time: time, random: random))
    }

    /// The region that a key's or alias's ARN names; `nil` for an id or an alias alone.
    package static func region(of keyID: String) -> String? {
        let parts = keyID.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn", parts[2] == "kms" else { return nil }
        return String(parts[3])
    }

    package func makeKey() async throws -> (key: [UInt8], wrapped: WrappedKey) {
        let input: Value = [
            "KeyId": .string(keyID), "KeySpec": "AES_256", "EncryptionContext": context,
        ]
        switch try await service.call("GenerateDataKey", input) {
        case .success(let output):
            guard let wrapped = output["CiphertextBlob"]?.string, !wrapped.isEmpty else {
                throw unreadable("GenerateDataKey")
            }
            // By its ARN the key is found again when the alias has moved on.
            let source = KeySource.kms(keyID: output["KeyId"]?.string ?? keyID)
            let id = service.caller.random.hexadecimal(32)
            return (
                try key(in: output, of: "GenerateDataKey"),
                WrappedKey(id: id, wrapped: wrapped, source: source)
            )
        case .failure(let refusal):
            throw meaning(of: refusal, for: "GenerateDataKey", key: keyID)
        }
    }

    package func unwrap(_ wrapped: WrappedKey, location: String) async throws -> [UInt8] {
        guard case .kms(let keyID) = wrapped.source else {
            throw StateError.undecipherable(
                location: location,
                detail: "it is encrypted with a passphrase, and launch.yaml names a KMS key")
        }
        let input: Value = [
            "CiphertextBlob": .string(wrapped.wrapped), "KeyId": .string(keyID),
            "EncryptionContext": context,
        ]
        switch try await service.call("Decrypt", input) {
        case .success(let output): return try key(in: output, of: "Decrypt")
        case .failure(let refusal) where Self.wrongKeyCodes.contains(refusal.code):
            throw StateError.undecipherable(
                location: location, detail: "KMS says \(refusal.words)")
        case .failure(let refusal): throw meaning(of: refusal, for: "Decrypt", key: keyID)
        }
    }

    private static let wrongKeyCodes: Set<String?> = [
        "InvalidCiphertextException", "IncorrectKeyException",
    ]

    private func key(in output: Value, of operation: String) throws -> [UInt8] {
        let key = output["Plaintext"]?.string.flatMap { Data(base64Encoded: $0) }
        guard let key, key.count == Self.keySize else { throw unreadable(operation) }
        return [UInt8](key)
    }

    private func unreadable(_ operation: String) -> StateError {
        service.caller.foreign("the answer to \(operation) has no data key")
    }

    // MARK: - Errors

    private func meaning(
        of refusal: Refusal, for operation: String, key: String
    ) -> StateError {
        let caller = service.caller
        func inaccessible(_ remedy: String) -> StateError {
            caller.inaccessible(refusal.words, remedy: remedy)
        }
        return switch refusal.code {
        case "AccessDeniedException"?:
            inaccessible(
                "Grant kms:\(operation) on \(key) to the credentials from "
                    + "\(caller.http.credentialOrigin), in the key's policy or theirs.")
        case "NotFoundException"?:
            inaccessible(
                "Correct `state.encryption.kms_key_id` or the region; `aws kms list-aliases` shows "
                    + "the keys.")
        case "DisabledException"?:
            inaccessible("Enable it with `aws kms enable-key --key-id \(key)`.")
        case "KMSInvalidStateException"?:
            inaccessible(
                "Cancel its deletion with `aws kms cancel-key-deletion --key-id \(key)`, then "
                    + "enable it.")
        case "InvalidKeyUsageException"?:
            inaccessible("Name a symmetric key that encrypts and decrypts.")
        default: caller.meaning(of: refusal)
        }
    }
}
