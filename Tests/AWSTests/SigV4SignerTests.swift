import AWS
import Cryptography
import Foundation
import HTTP
import Resources
import Testing

@Suite struct SigV4SignerTests {
    private static let vectors = SignatureVectors.shared
    private static let reason: Comment = "../shared/api/sigv4-vectors.json is not there"

    @Test(.enabled(if: vectors != nil, reason), arguments: vectors?.suite ?? [])
    func signsTheSuiteByHeader(_ vector: SuiteVector) throws {
        let signer = SigV4Signer(
            digests: OpenSSLDigests(),
            dialect: .init(
                normalisesPath: vector.context.normalize, encodesPathAgain: true,
                sendsPayloadHash: vector.context.signBody))
        let signing = signer.signing(
            try vector.httpRequest, with: vector.signingCredentials, in: vector.scope,
            at: try vector.instant)
        #expect(signing.canonicalRequest == vector.header.canonicalRequest)
        #expect(signing.stringToSign == vector.header.stringToSign)
        #expect(signing.signature == vector.header.signature)
        #expect(signing.request.authorization == vector.header.authorization)
    }

    @Test(.enabled(if: vectors != nil, reason), arguments: vectors?.suite ?? [])
    func signsTheSuiteByQuery(_ vector: SuiteVector) throws {
        let signer = SigV4Signer(
            digests: OpenSSLDigests(),
            dialect: .init(
                normalisesPath: vector.context.normalize, encodesPathAgain: true,
                sendsPayloadHash: false))
        let signing = signer.presigning(
            try vector.httpRequest, with: vector.signingCredentials, in: vector.scope,
            at: try vector.instant, validFor: .seconds(vector.context.expiration))
        #expect(signing.canonicalRequest == vector.query.canonicalRequest)
        #expect(signing.stringToSign == vector.query.stringToSign)
        #expect(signing.signature == vector.query.signature)
    }

    @Test(.enabled(if: vectors != nil, reason), arguments: vectors?.service ?? [])
    func signsAsBotocoreDoes(_ vector: ServiceVector) throws {
        let signer = SigV4Signer(digests: OpenSSLDigests(), dialect: vector.dialect)
        let request = try vector.httpRequest
        let signing =
            if let expires = vector.expires {
                signer.presigning(
                    request, with: vector.credentials, in: vector.scope, at: try vector.instant,
                    validFor: .seconds(expires))
            } else {
                signer.signing(
                    request, with: vector.credentials, in: vector.scope, at: try vector.instant)
            }
        #expect(signing.canonicalRequest == vector.canonicalRequest)
        #expect(signing.stringToSign == vector.stringToSign)
        #expect(signing.request.authorization == vector.authorization)
        if let url = vector.presignedURL { #expect(signing.request.url == url) }
    }

    /// Cases that AWS's documentation publishes, so that something runs without the file.
    struct Published: CustomTestStringConvertible {
        let testDescription: String
        let url: String
        let headers: [HTTPHeader]
        let credentials: AWSCredentials
        let service: String
        let timestamp: String
        let dialect: SigV4Signer.Dialect
        let signature: String

        static let suiteCredentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        static let s3Credentials = AWSCredentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE",
            secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))

        static let all = [
            Published(
                testDescription: "get-vanilla", url: "https://example.amazonaws.com/", headers: [],
                credentials: suiteCredentials, service: "service", timestamp: "20150830T123600Z",
                dialect: .standard,
                signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            Published(
                testDescription: "IAM ListUsers",
                url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                headers: [
                    HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                ],
                credentials: suiteCredentials, service: "iam", timestamp: "20150830T123600Z",
                dialect: .standard,
                signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
            Published(
                testDescription: "S3 GetObject",
                url: "https://examplebucket.s3.amazonaws.com/test.txt",
                headers: [HTTPHeader("Range", "bytes=0-9")],
                credentials: s3Credentials, service: "s3", timestamp: "20130524T000000Z",
                dialect: .s3,
                signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
            Published(
                testDescription: "S3 GetBucketLifecycle",
                url: "https://examplebucket.s3.amazonaws.com/?lifecycle", headers: [],
                credentials: s3Credentials, service: "s3", timestamp: "20130524T000000Z",
                dialect: .s3,
                signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ]
    }

    @Test(arguments: Published.all) func signsPublishedExamples(_ example: Published) throws {
        let signing = SigV4Signer(digests: OpenSSLDigests(), dialect: example.dialect).signing(
            HTTPRequest(.get, example.url, headers: example.headers), with: example.credentials,
            in: .init(region: "us-east-1", service: example.service),
            at: try basicDate(example.timestamp))
        #expect(signing.signature == example.signature)
    }

    @Test func keepsTokenAndSignatureOutOfLogs() throws {
        let signing = SigV4Signer(digests: OpenSSLDigests()).signing(
            HTTPRequest(.get, "https://example.amazonaws.com"),
            with: AWSCredentials(
                accessKeyID: "AKID", secretAccessKey: Secret("s"), sessionToken: Secret("t")),
            in: .init(region: "us-east-1", service: "ec2"), at: try basicDate("20260102T030405Z"))
        let sensitive = signing.request.headers.filter(\.isSensitive).map(\.name)
        #expect(sensitive == ["X-Amz-Security-Token", "Authorization"])
    }
}

extension HTTPRequest {
    fileprivate var authorization: String? {
        headers.first { $0.name == "Authorization" }?.value
    }
}
