import Foundation
import HTTP
import Journal
import Resources
import TestSupport
import Testing

@testable import ObjectState

@Suite struct KMSKeyWrappingTests {
    private static let arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    private static let key = [UInt8](0..<32)
    private static let plaintext = Data(key).base64EncodedString()
    private static let head = [
        "POST https://kms.eu-central-1.amazonaws.com/", "Content-Type: application/x-amz-json-1.1",
    ]
    private static let wrapped = WrappedKey(
        id: "1", wrapped: "d3JhcHBlZA==", source: .kms(keyID: arn))

    @Test func makesAKeyForTheProject() async throws {
        let http = ScriptedHTTPClient(
            .json(
                #"{"CiphertextBlob":"d3JhcHBlZA==","KeyId":"\#(Self.arn)","#
                    + #""Plaintext":"\#(Self.plaintext)"}"#))
        let made = try await scripted(http) { try await $0.wrapping().makeKey() }
        #expect(made.key == Self.key)
        #expect(made.wrapped.id.count == 32)
        #expect(made.wrapped.wrapped == "d3JhcHBlZA==")
        #expect(made.wrapped.source == .kms(keyID: Self.arn))
        #expect(
            http.requests.map(\.lines) == [
                Self.head + [
                    "X-Amz-Target: TrentService.GenerateDataKey",
                    #"{"EncryptionContext":{"launch:project":"demo"},"KeyId":"alias/launch","#
                        + #""KeySpec":"AES_256"}"#,
                ]
            ])
    }

    /// By the key that wrapped it: the alias may have moved on.
    @Test func bringsAKeyBack() async throws {
        let http = ScriptedHTTPClient(.json(#"{"Plaintext":"\#(Self.plaintext)"}"#))
        let key = try await scripted(http) {
            try await $0.wrapping().unwrap(Self.wrapped, location: "s3://b/k")
        }
        #expect(key == Self.key)
        #expect(
            http.requests.map(\.lines) == [
                Self.head + [
                    "X-Amz-Target: TrentService.Decrypt",
                    #"{"CiphertextBlob":"d3JhcHBlZA==","#
                        + #""EncryptionContext":{"launch:project":"demo"},"KeyId":"\#(Self.arn)"}"#,
                ]
            ])
    }

    private static let unusable = "KMS key alias/launch: the state store cannot be used: "

    private static let failures: [(HTTPResponse, String)] = [
        (
            HTTPResponse.refused("AccessDeniedException"),
            """
            \(unusable)AccessDeniedException: Some words. Grant kms:Decrypt on \(arn) to the \
            credentials from AWS_ACCESS_KEY_ID, in the key's policy or theirs.
            """
        ),
        (
            .refused("NotFoundException"),
            """
            \(unusable)NotFoundException: Some words. Correct `state.encryption.kms_key_id` or \
            the region; `aws kms list-aliases` shows the keys.
            """
        ),
        (
            .refused("DisabledException"),
            """
            \(unusable)DisabledException: Some words. Enable it with `aws kms enable-key \
            --key-id \(arn)`.
            """
        ),
        (
            .refused("KMSInvalidStateException"),
            """
            \(unusable)KMSInvalidStateException: Some words. Cancel its deletion with `aws kms \
            cancel-key-deletion --key-id \(arn)`, then enable it.
            """
        ),
        (
            .refused("InvalidKeyUsageException"),
            """
            \(unusable)InvalidKeyUsageException: Some words. Name a symmetric key that encrypts \
            and decrypts.
            """
        ),
        (
            .refused("ExpiredTokenException"),
            """
            \(unusable)ExpiredTokenException: Some words. Get new temporary credentials in place \
            of those from AWS_ACCESS_KEY_ID.
            """
        ),
        (
            .refused("InvalidCiphertextException"),
            """
            s3://b/k: the state cannot be decrypted: KMS says InvalidCiphertextException: Some \
            words. Check the passphrase or key that launch.yaml's `encryption` names.
            """
        ),
        (
            .json(#"{"Plaintext":"AAAA"}"#),
            """
            \(unusable)the answer to Decrypt has no data key, and not in the form of KMS Check \
            AWS_ENDPOINT_URL_KMS, and that no proxy answers in KMS's place.
            """
        ),
    ]

    @Test(arguments: failures)
    func saysWhatHelps(_ answer: HTTPResponse, _ expected: String) async throws {
        let http = ScriptedHTTPClient(answer)
        let complaint = try await scripted(http) { bench in
            try await failure {
                try await bench.wrapping().unwrap(Self.wrapped, location: "s3://b/k")
            }
        }
        #expect(complaint == expected)
    }

    @Test func aPassphrasesKeyIsNotSentToKMS() async throws {
        let http = ScriptedHTTPClient()
        let complaint = try await scripted(http) { bench in
            try await failure {
                let wrapped = WrappedKey(
                    id: "1", wrapped: "AA==", source: .scrypt(n: 2, r: 1, p: 1, salt: ""))
                return try await bench.wrapping().unwrap(wrapped, location: "s3://b/k")
            }
        }
        #expect(
            complaint == """
                s3://b/k: the state cannot be decrypted: it is encrypted with a \
                passphrase, and launch.yaml names a KMS key Check the passphrase or key that \
                launch.yaml's `encryption` names.
                """)
        #expect(http.requests.isEmpty)
    }

    @Test(
        arguments: [
            ("alias/launch", nil), ("1234abcd-12ab-34cd-56ef-1234567890ab", nil),
            (arn, "eu-central-1"),
            ("arn:aws-cn:kms:cn-north-1:1:alias/x", "cn-north-1"),
        ] as [(String, String?)])
    func knowsTheRegionOfAnARN(_ keyID: String, _ region: String?) {
        #expect(KMSKeyWrapping.region(of: keyID) == region)
    }
}
