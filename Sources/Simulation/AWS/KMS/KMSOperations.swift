import OrderedCollections
import Resources

import Foundation

/// What can be asked of KMS.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html>
extension SimulatedKMS {
    static let operations: [String: Operation] = [
        "CreateKey": { try $0.createKey($1) },
        "CreateAlias": { try $0.createAlias($1) },
        "DescribeKey": { kms, members in
            let name = try members.required("KeyId")
            try members.rejectUnread()
            return ["KeyMetadata": try kms.key(name).metadata]
        },
        "DisableKey": { try $0.setEnabled(false, $1) },
        "EnableKey": { try $0.setEnabled(true, $1) },
        "GenerateDataKey": { try $0.generateDataKey($1) },
        "Encrypt": { try $0.encrypt($1) },
        "Decrypt": { try $0.decrypt($1) },
    ]

    private static let algorithm = "SYMMETRIC_DEFAULT"

    private func createKey(_ members: JSONMembers) throws -> [String: Value] {
        let description = try members.string("Description") ?? ""
        _ = try members.choice("KeyUsage", of: ["ENCRYPT_DECRYPT"])
        _ = try members.choice("KeySpec", of: [Self.algorithm])
        try members.rejectUnread()
        return ["KeyMetadata": addKey(description: description, isGiven: false).metadata]
    }

    private func createAlias(_ members: JSONMembers) throws -> [String: Value] {
        let alias = try members.required("AliasName")
        let target = try members.required("TargetKeyId")
        try members.rejectUnread()
        guard alias.hasPrefix("alias/"), !alias.hasPrefix("alias/aws/") else {
            throw AWSError(
                "ValidationException", "Alias must start with the prefix \"alias/\", and not aws/")
        }
        guard aliases[alias] == nil else {
            throw AWSError(
                "AlreadyExistsException", "An alias with the name \(arn(alias)) already exists")
        }
        aliases[alias] = try key(target).id
        return [:]
    }

    private func setEnabled(_ isEnabled: Bool, _ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("KeyId")
        try members.rejectUnread()
        keys[try key(name).id]?.isEnabled = isEnabled
        return [:]
    }

    private func generateDataKey(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("KeyId")
        let spec = try members.choice("KeySpec", of: ["AES_128", "AES_256"])
        let count = try members.integer("NumberOfBytes", in: 1...1024)
        let context = try members.texts("EncryptionContext") ?? [:]
        try members.rejectUnread()
        guard (spec == nil) != (count == nil) else {
            throw AWSError(
                "ValidationException", "Please specify either number of bytes or key spec.")
        }
        let key = try usableKey(name)
        let plaintext = randomBytes(count ?? (spec == "AES_128" ? 16 : 32))
        let blob = seal(plaintext, under: key, context)
        return [
            "CiphertextBlob": .base64(blob), "Plaintext": .base64(plaintext),
            "KeyId": .string(key.arn),
        ]
    }

    private func encrypt(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("KeyId")
        let plaintext = try members.bytes("Plaintext", count: 1...4096)
        let context = try members.texts("EncryptionContext") ?? [:]
        _ = try members.choice("EncryptionAlgorithm", of: [Self.algorithm])
        try members.rejectUnread()
        let key = try usableKey(name)
        return [
            "CiphertextBlob": .base64(seal(plaintext, under: key, context)),
            "KeyId": .string(key.arn), "EncryptionAlgorithm": .string(Self.algorithm),
        ]
    }

    private func decrypt(_ members: JSONMembers) throws -> [String: Value] {
        let blob = try members.bytes("CiphertextBlob", count: 1...6144)
        let name = try members.string("KeyId")
        let context = try members.texts("EncryptionContext") ?? [:]
        _ = try members.choice("EncryptionAlgorithm", of: [Self.algorithm])
        try members.rejectUnread()
        let named = try name.map(key)
        guard let sealed = ciphertexts[blob] else {
            throw AWSError("InvalidCiphertextException", "")
        }
        if let named, named.id != sealed.key {
            throw AWSError(
                "IncorrectKeyException",
                "The key ID in the request does not identify a CMK that can perform this operation."
            )
        }
        let key = try usableKey(sealed.key)
        guard sealed.context == context else { throw AWSError("InvalidCiphertextException", "") }
        return [
            "KeyId": .string(key.arn), "Plaintext": .base64(sealed.plaintext),
            "EncryptionAlgorithm": .string(Self.algorithm),
        ]
    }

    private func seal(
        _ plaintext: [UInt8], under key: KMSKey, _ context: [String: String]
    ) -> [UInt8] {
        let blob = randomBytes(152 + plaintext.count)
        ciphertexts[blob] = KMSCiphertext(key: key.id, plaintext: plaintext, context: context)
        return blob
    }
}

extension JSONMembers {
    /// Bytes, as Base64.
    fileprivate func bytes(_ name: String, count: ClosedRange<Int>) throws -> [UInt8] {
        guard let bytes = Data(base64Encoded: try required(name)) else {
            throw AWSError("SerializationException", "\(name) is not Base64")
        }
        guard count.contains(bytes.count) else {
            throw AWSError(
                "ValidationException",
                "1 validation error detected: Value at '\(name)' failed to satisfy constraint: "
                    + "Member must have length between \(count.lowerBound) and \(count.upperBound)")
        }
        return Array(bytes)
    }
}

extension Value {
    fileprivate static func base64(_ bytes: [UInt8]) -> Value {
        .string(Data(bytes).base64EncodedString())
    }
}
