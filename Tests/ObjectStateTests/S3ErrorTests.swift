import AWS
import Foundation
import HTTP
import Journal
import Resources
import Simulation
import TestSupport
import Testing

@testable import ObjectState

/// What people read when the bucket says no.
@Suite struct S3ErrorTests {
    enum Call: String, Sendable { case get, create, replace, list, delete }

    struct Case: Sendable, CustomTestStringConvertible {
        let call: Call
        let answer: HTTPResponse
        var endpoint: String?
        var encryption: S3Encryption?
        let complaint: String
        var testDescription: String { "\(call.rawValue): \(complaint)" }

        init(
            _ call: Call, _ answer: HTTPResponse, endpoint: String? = nil,
            encryption: S3Encryption? = nil, _ complaint: String
        ) {
            self.call = call
            self.answer = answer
            self.endpoint = endpoint
            self.encryption = encryption
            self.complaint = complaint
        }
    }

    private static let unusable = "s3://b: the state store cannot be used: "
    private static let r2 = "https://a.eu.r2.cloudflarestorage.com"
    private static let denied = HTTPResponse.s3(
        "AccessDenied", status: 403, message: "Access Denied")
    private static let region = HTTPHeader("x-amz-bucket-region", "eu-west-1")
    private static let html = Array("<html><body><h1>Log in</h1></body></html>".utf8)

    static let bucket: [Case] = [
        Case(
            .get, .s3("NoSuchBucket", status: 404),
            """
            \(unusable)there is no bucket "b" Create it with `aws s3 mb s3://b --region \
            eu-central-1`, or correct `state.bucket` in launch.yaml.
            """),
        Case(
            .create, .s3("NoSuchBucket", status: 404), endpoint: "http://minio:9000",
            """
            \(unusable)there is no bucket "b" Create it with `aws s3 mb s3://b --endpoint-url \
            http://minio:9000`, or correct `state.bucket` in launch.yaml.
            """),
        Case(
            .list, .s3("NoSuchBucket", status: 404), endpoint: r2,
            """
            \(unusable)there is no bucket "b" Create it with `npx wrangler r2 bucket create \
            b`, or correct `state.bucket` in launch.yaml.
            """),
        Case(
            .get, .s3("InvalidBucketName", status: 400),
            "\(unusable)InvalidBucketName: Some words. Correct `state.bucket` in launch.yaml."),
        Case(
            .get, .s3("PermanentRedirect", status: 301, headers: [region]),
            """
            \(unusable)the bucket is in the region eu-west-1, not in eu-central-1 \
            Set `state.region: eu-west-1` in launch.yaml.
            """),
        Case(
            .get,
            .s3(
                "AuthorizationHeaderMalformed", status: 400, inside: "<Region>eu-west-1</Region>"),
            """
            \(unusable)the bucket is in the region eu-west-1, not in eu-central-1 \
            Set `state.region: eu-west-1` in launch.yaml.
            """),
        Case(
            .get, .s3("PermanentRedirect", status: 301),
            """
            \(unusable)PermanentRedirect: Some words. Set `state.region` to what \
            `aws s3api get-bucket-location --bucket b` says.
            """),
    ]

    static let permissions: [Case] = [
        Case(
            .get, denied,
            """
            \(unusable)AccessDenied: Access Denied Grant s3:GetObject on arn:aws:s3:::b/*, and \
            s3:ListBucket on arn:aws:s3:::b, without which a missing object looks \
            forbidden, to the credentials from AWS_ACCESS_KEY_ID.
            """),
        Case(
            .create, denied,
            """
            \(unusable)AccessDenied: Access Denied Grant s3:PutObject on arn:aws:s3:::b/* to the \
            credentials from AWS_ACCESS_KEY_ID.
            """),
        Case(
            .replace, denied, encryption: .kms(keyID: "alias/k"),
            """
            \(unusable)AccessDenied: Access Denied Grant s3:PutObject and s3:GetObject on \
            arn:aws:s3:::b/*, and kms:GenerateDataKey on the key alias/k to the \
            credentials from AWS_ACCESS_KEY_ID.
            """),
        Case(
            .list, denied,
            """
            \(unusable)AccessDenied: Access Denied Grant s3:ListBucket on arn:aws:s3:::b to the \
            credentials from AWS_ACCESS_KEY_ID.
            """),
        Case(
            .delete, denied,
            """
            \(unusable)AccessDenied: Access Denied Grant s3:DeleteObject on arn:aws:s3:::b/* to \
            the credentials from AWS_ACCESS_KEY_ID.
            """),
        Case(
            .delete, denied, endpoint: r2,
            """
            \(unusable)AccessDenied: Access Denied Give the R2 token in AWS_ACCESS_KEY_ID the \
            permission Object Read & Write for the bucket b.
            """),
    ]

    static let credentials: [Case] = [
        Case(
            .get, .s3("InvalidAccessKeyId", status: 403),
            """
            \(unusable)InvalidAccessKeyId: Some words. Check the credentials from \
            AWS_ACCESS_KEY_ID: S3 does not know them.
            """),
        Case(
            .get, .s3("SignatureDoesNotMatch", status: 403),
            """
            \(unusable)SignatureDoesNotMatch: Some words. Check the secret key that goes with \
            AWS_ACCESS_KEY_ID: it is another key's.
            """),
        Case(
            .get, .s3("ExpiredToken", status: 400),
            """
            \(unusable)ExpiredToken: Some words. Get new temporary credentials in place of \
            those from AWS_ACCESS_KEY_ID.
            """),
    ]

    static let others: [Case] = [
        Case(
            .create, .s3("NotImplemented", status: 501),
            """
            s3://b: the store cannot hold the state: conditional writes are refused \
            (NotImplemented: Some words.) Use a store with conditional writes: AWS S3, \
            Cloudflare R2, MinIO, or SQLite.
            """),
        Case(
            .replace, .s3("EntityTooLarge", status: 400),
            """
            s3://b: the state cannot be written: EntityTooLarge: Some words. \
            Free space or grant access to that place, then run it again.
            """),
        Case(
            .create, .s3("KMS.DisabledException", status: 400), encryption: .kms(keyID: "k"),
            "\(unusable)KMS.DisabledException: Some words. Correct `state.sse_kms_key_id`."),
        Case(
            .get, .s3("NeverHeardOf", status: 400),
            "\(unusable)NeverHeardOf: Some words. Correct `state` in launch.yaml by what S3 says."),
        Case(
            .get, .s3("SlowDown", status: 503),
            """
            s3://b: the state store does not answer: SlowDown: Some words. \
            Check the endpoint and the network, then run it again.
            """),
        Case(
            .get, HTTPResponse(status: 502, reason: "Bad Gateway", body: html),
            """
            s3://b: the state store does not answer: HTTP 502 Bad Gateway \
            Check the endpoint and the network, then run it again.
            """),
    ]

    /// A proxy's page is no object, no empty list, no missing key and no refused condition.
    static let proxies: [Case] = [
        Case(
            .get, HTTPResponse(status: 200, body: html),
            """
            \(unusable)the answer has no ETag, and not in the form of S3 Check `state.region`, \
            and that no proxy answers in S3's place.
            """),
        Case(
            .create, HTTPResponse(status: 200, body: html), endpoint: "http://minio:9000",
            """
            \(unusable)the answer has no ETag, and not in the form of S3 Check \
            `state.endpoint`, and that no proxy answers in S3's place.
            """),
        Case(
            .list, HTTPResponse(status: 200, body: html),
            """
            \(unusable)the list is unreadable, and not in the form of S3 Check `state.region`, \
            and that no proxy answers in S3's place.
            """),
        Case(
            .get, HTTPResponse(status: 404, reason: "Not Found", body: html),
            """
            \(unusable)the answer is HTTP 404 Not Found, and not in the form of S3 Check \
            `state.region`, and that no proxy answers in S3's place.
            """),
        Case(
            .replace, HTTPResponse(status: 412, body: html),
            """
            \(unusable)the answer is HTTP 412, and not in the form of S3 Check `state.region`, \
            and that no proxy answers in S3's place.
            """),
    ]

    @Test(arguments: [bucket, permissions, credentials, others, proxies].joined())
    func saysWhatHelps(_ example: Case) async throws {
        let http = ScriptedHTTPClient(always: example.answer)
        let complaint = try await scripted(http) { bench in
            let storage = bench.storage(
                endpoint: example.endpoint, encryption: example.encryption)
            return try await failure {
                switch example.call {
                case .get: _ = try await storage.get("k")
                case .create: _ = try await storage.put("k", [1], if: .absent)
                case .replace: _ = try await storage.put("k", [1], if: .tag("\"1\""))
                case .list: _ = try await storage.list("k", after: nil)
                case .delete: try await storage.delete("k")
                }
            }
        }
        #expect(complaint == example.complaint)
    }

    private static let silences: [(HTTPError.Reason, Int, String)] = [
        (
            HTTPError.Reason.unknownHost, 1,
            """
            s3://b: the state store does not answer: https://x: d Check the endpoint and the \
            network, then run it again.
            """
        ),
        (
            .untrustedCertificate, 1,
            "\(unusable)https://x: d Set AWS_CA_BUNDLE to the authorities that signed it."
        ),
        (.badURL, 1, "\(unusable)https://x: d Correct `state.region`: it is not a URL."),
        (
            .timedOut, 8,
            """
            s3://b: the state store does not answer: https://x: d Check the endpoint and the \
            network, then run it again.
            """
        ),
    ]

    @Test(arguments: silences)
    func saysWhyThereIsNoAnswer(
        _ reason: HTTPError.Reason, _ attempts: Int, _ expected: String
    ) async throws {
        let http = ScriptedHTTPClient(always: { _ in
            throw HTTPError(reason, origin: "https://x", detail: "d")
        })
        let complaint = try await scripted(http) { bench in
            try await failure { try await bench.storage().get("k") }
        }
        #expect(complaint == expected)
        #expect(http.requests.count == attempts)
    }

    @Test(arguments: [
        ("RequestTimeTooSkewed", "14:43:20", "1800 s behind"),
        ("RequestTimeTooSkewed", "13:43:20", "1800 s ahead of"),
        ("SignatureDoesNotMatch", "14:43:20", "1800 s behind"),
    ])
    func aClockThatIsFarOffIsNamed(
        _ code: String, _ served: String, _ difference: String
    ) async throws {
        let date = HTTPHeader("Date", "Mon, 21 Sep 2026 \(served) GMT")
        let http = ScriptedHTTPClient(.s3(code, status: 403, headers: [date]))
        let complaint = try await scripted(http) { bench in
            try await failure { try await bench.storage().get("k") }
        }
        #expect(
            complaint == """
                s3://b: a clock is wrong: this machine's is \(difference) S3's \
                Set the clock, for example with `timedatectl set-ntp true`.
                """)
        #expect(http.requests.count == 1)
    }

    @Test(arguments: [
        ("AWS_ACCESS_KEY_ID", "", "AWS_ACCESS_KEY_ID is not set", "AWS"),
        (
            "LAUNCH_STATE_ACCESS_KEY_ID", "k", "LAUNCH_STATE_SECRET_ACCESS_KEY is not set",
            "LAUNCH_STATE"
        ),
    ])
    func missingCredentialsAreNamed(
        _ variable: String, _ value: String, _ detail: String, _ prefix: String
    ) async throws {
        let http = ScriptedHTTPClient()
        let complaint = try await scripted(http) { bench in
            var bench = bench
            bench.environment[variable] = value
            let storage = bench.storage()
            return try await failure { try await storage.get("k") }
        }
        #expect(
            complaint == """
                \(Self.unusable)could not sign a request: \(detail) \
                Set \(prefix)_ACCESS_KEY_ID and \(prefix)_SECRET_ACCESS_KEY.
                """)
        #expect(http.requests.isEmpty)
    }
}
