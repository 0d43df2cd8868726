import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct KMSTests {
    private static func withKeys<Result: Sendable>(
        _ body: @escaping @Sendable (AWSSession) async throws -> Result
    ) async throws -> Result {
        var configuration = WorldConfiguration()
        configuration.keys = ["alias/state", "other"]
        return try await withAWS(configuration, body)
    }

    private static let request: Value = [
        "KeyId": "alias/state", "KeySpec": "AES_256",
        "EncryptionContext": ["project": "demo", "lineage": "1"],
    ]

    /// The members of a Decrypt of what GenerateDataKey answered to `request`.
    private static func decryption(
        of made: AWSSession.JSONReply, _ changes: [String: Value] = [:]
    ) -> Value {
        let usual: [String: Value] = [
            "CiphertextBlob": made["CiphertextBlob"] ?? .null,
            "EncryptionContext": ["lineage": "1", "project": "demo"],
        ]
        return .object(usual.merging(changes) { $1 })
    }

    @Test func aDataKeyComesBackWithItsContext() async throws {
        try await Self.withKeys { aws in
            let made = try await aws.kms("GenerateDataKey", Self.request)
            let again = try await aws.kms("GenerateDataKey", Self.request)
            #expect(made["Plaintext"] != again["Plaintext"])
            #expect(made["Plaintext"]?.string?.count == 44)
            let opened = try await aws.kms("Decrypt", Self.decryption(of: made))
            #expect(
                opened.document == [
                    "KeyId": made["KeyId"] ?? .null, "Plaintext": made["Plaintext"] ?? .null,
                    "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
                ])
        }
    }

    @Test(
        arguments: [
            ([:], "ok"),
            (["EncryptionContext": ["project": "demo"]], "InvalidCiphertextException"),
            (
                ["EncryptionContext": ["project": "demo", "lineage": "2"]],
                "InvalidCiphertextException"
            ),
            (["EncryptionContext": .null], "InvalidCiphertextException"),
            (["CiphertextBlob": "AAAA"], "InvalidCiphertextException"),
            (["CiphertextBlob": "?"], "SerializationException"),
            (["KeyId": "alias/state"], "ok"),
            (["KeyId": "alias/other"], "IncorrectKeyException"),
            (["KeyId": "alias/none"], "NotFoundException"),
            (["DryRun": true], "ValidationException"),
        ] as [([String: Value], String)])
    func onlyTheRightDecryptionIsDone(_ changes: [String: Value], _ code: String) async throws {
        let found = try await Self.withKeys { aws in
            let made = try await aws.kms("GenerateDataKey", Self.request)
            return try await aws.kms("Decrypt", Self.decryption(of: made, changes)).code
        }
        #expect(found == code)
    }

    @Test func aDisabledKeyDoesNothing() async throws {
        let codes = try await Self.withKeys { aws in
            let made = try await aws.kms("GenerateDataKey", Self.request)
            let key: Value = ["KeyId": made["KeyId"] ?? .null]
            var codes = [try await aws.kms("DisableKey", key).code]
            codes.append(try await aws.kms("GenerateDataKey", Self.request).code)
            codes.append(try await aws.kms("Decrypt", Self.decryption(of: made)).code)
            codes.append(try await aws.kms("EnableKey", key).code)
            codes.append(try await aws.kms("Decrypt", Self.decryption(of: made)).code)
            aws.world.locked { $0.aws?.kms.denied = ["kms:Decrypt"] }
            codes.append(try await aws.kms("Decrypt", Self.decryption(of: made)).code)
            return codes
        }
        #expect(
            codes == [
                "ok", "DisabledException", "DisabledException", "ok", "ok",
                "AccessDeniedException",
            ])
    }

    @Test func keysAreMadeAndNamed() async throws {
        try await Self.withKeys { aws in
            #expect(aws.world.inventory == [:])
            let made = try await aws.kms("CreateKey", ["Description": "for the state"])
            let id = made["KeyMetadata"]?["KeyId"] ?? .null
            let alias: Value = ["AliasName": "alias/new", "TargetKeyId": id]
            #expect(try await aws.kms("CreateAlias", alias).code == "ok")
            #expect(try await aws.kms("CreateAlias", alias).code == "AlreadyExistsException")
            let shown = try await aws.kms("DescribeKey", ["KeyId": "alias/new"])
            #expect(shown == made)
            #expect(aws.world.inventory == ["kms key": 1])
            let unknown = try await aws.kms("CreateKey", ["Tags": []])
            #expect(unknown.code == "ValidationException")
            let missing = try await aws.kms("DescribeKey", ["KeyId": "alias/none"])
            #expect(
                missing.document == [
                    "__type": "NotFoundException",
                    "message":
                        "Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found.",
                ])
        }
    }
}
