import Resources

import Foundation

/// A symmetric key, which never leaves the service.
struct KMSKey {
    /// A UUID.
    let id: String
    let arn: String
    let description: String
    let created: Date
    var isEnabled = true
    /// True when the world came with it, so that nobody has to remove it.
    let isGiven: Bool

    /// `KeyMetadata`, as CreateKey and DescribeKey show it.
    var metadata: Value {
        [
            "AWSAccountId": .string(SimulatedAWS.account), "KeyId": .string(id),
            "Arn": .string(arn), "CreationDate": .number(created.timeIntervalSince1970),
            "Enabled": .boolean(isEnabled), "Description": .string(description),
            "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": isEnabled ? "Enabled" : "Disabled",
            "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": false,
        ]
    }
}

/// What a ciphertext blob stands for.
struct KMSCiphertext {
    let key: String
    let plaintext: [UInt8]
    let context: [String: String]
}
