import AWS
import Foundation
import HTTP
import Journal
import Resources
import Simulation
import TestSupport
import Testing

@testable import ObjectState

/// What is sent to S3, and what its answers become.
@Suite struct S3RequestTests {
    private static let root = "https://b.s3.eu-central-1.amazonaws.com"
    private static let written = HTTPResponse(status: 200, headers: [HTTPHeader("ETag", "\"2\"")])

    @Test func readsWithItsTag() async throws {
        let http = ScriptedHTTPClient(.object("{}", tag: "W/\"odd\""))
        let object = try await scripted(http) { try await $0.storage().get("state.json") }
        #expect(object == StoredObject(bytes: Array("{}".utf8), tag: "W/\"odd\""))
        #expect(http.requests.map(\.lines) == [["GET \(Self.root)/state.json"]])
    }

    @Test func nothingIsThereToBeRead() async throws {
        let http = ScriptedHTTPClient(.s3("NoSuchKey", status: 404))
        let object = try await scripted(http) { try await $0.storage().get("state.json") }
        #expect(object == nil)
    }

    @Test(arguments: [
        (WriteCondition.absent, "If-None-Match: *"), (.tag("\"1\""), "If-Match: \"1\""),
        (.tag("unquoted"), "If-Match: unquoted"),
    ])
    func writesOnCondition(_ condition: WriteCondition, _ header: String) async throws {
        let http = ScriptedHTTPClient(Self.written)
        let result = try await scripted(http) {
            try await $0.storage().put("a/b", [0x7B, 0x7D], if: condition)
        }
        #expect(result == .written(tag: "\"2\""))
        #expect(
            http.requests.map(\.lines) == [
                [
                    "PUT \(Self.root)/a/b", "Content-Type: application/octet-stream", header, "{}",
                ]
            ])
    }

    @Test(arguments: [
        (S3Encryption.managed, ["x-amz-server-side-encryption: AES256"]),
        (.kms(keyID: nil), ["x-amz-server-side-encryption: aws:kms"]),
        (
            .kms(keyID: "alias/launch"),
            [
                "x-amz-server-side-encryption: aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id: alias/launch",
            ]
        ),
    ])
    func asksForEncryption(_ encryption: S3Encryption, _ headers: [String]) async throws {
        let http = ScriptedHTTPClient(Self.written)
        _ = try await scripted(http) {
            try await $0.storage(encryption: encryption).put("k", [1], if: .absent)
        }
        let sent = http.requests[0]
        #expect(sent.lines.filter { $0.hasPrefix("x-amz-server") } == headers)
        let authorization = sent.headers.first { $0.name == "Authorization" }?.value
        #expect(authorization?.contains("x-amz-server-side-encryption") == true)
    }

    /// R2 refuses `x-amz-checksum-…`.
    @Test func signsBodiesAndSendsNoOtherChecksum() async throws {
        let http = ScriptedHTTPClient(Self.written)
        _ = try await scripted(http) { try await $0.storage().put("k", [], if: .absent) }
        let names = http.requests[0].headers.map { $0.name.lowercased() }
        #expect(names.contains("x-amz-content-sha256"))
        #expect(!names.contains { $0.hasPrefix("x-amz-checksum") || $0 == "expect" })
    }

    @Test(arguments: [
        HTTPResponse.s3("PreconditionFailed", status: 412), .s3("NoSuchKey", status: 404),
        HTTPResponse(status: 412),
    ])
    func aConditionThatDoesNotHoldIsNoError(_ answer: HTTPResponse) async throws {
        let http = ScriptedHTTPClient(answer)
        let result = try await scripted(http) {
            try await $0.storage().put("k", [], if: .tag("\"1\""))
        }
        #expect(result == .refused)
    }

    @Test(arguments: [HTTPResponse(status: 204), .s3("NoSuchKey", status: 404)])
    func deletesWhatMayBeGone(_ answer: HTTPResponse) async throws {
        let http = ScriptedHTTPClient(answer)
        try await scripted(http) { try await $0.storage().delete("k") }
        #expect(http.requests.map(\.lines) == [["DELETE \(Self.root)/k"]])
    }

    // MARK: - Lists

    @Test func listsEveryPage() async throws {
        let http = ScriptedHTTPClient(
            Self.page(
                """
                <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
                <NextContinuationToken>t/1=</NextContinuationToken>
                """
                    + Self.contents("k.journal/a%2Bb+%C3%A4", 3)
                    + Self.contents("k.journal/c", 4)),
            Self.page("<IsTruncated>false</IsTruncated>" + Self.contents("k.journal/d%2B", 0)))
        let objects = try await scripted(http) {
            try await $0.storage().list("k.journal/", after: "k.journal/0 1")
        }
        #expect(
            objects == [
                ListedObject(key: "k.journal/a+b ä", size: 3),
                ListedObject(key: "k.journal/c", size: 4),
                ListedObject(key: "k.journal/d%2B", size: 0),
            ])
        let query = "GET \(Self.root)/?list-type=2&encoding-type=url&prefix=k.journal%2F"
        #expect(
            http.requests.map(\.lines) == [
                ["\(query)&start-after=k.journal%2F0%201"],
                ["\(query)&continuation-token=t%2F1%3D"],
            ])
    }

    @Test func anEmptyListIsOne() async throws {
        let http = ScriptedHTTPClient(Self.page("<IsTruncated>false</IsTruncated>"))
        let objects = try await scripted(http) { try await $0.storage().list("", after: nil) }
        #expect(objects == [])
    }

    private static func page(_ content: String) -> HTTPResponse {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>\
            \(content)</ListBucketResult>
            """
        return HTTPResponse(status: 200, body: Array(text.utf8))
    }

    private static func contents(_ key: String, _ size: Int) -> String {
        "<Contents><Key>\(key)</Key><ETag>&quot;1&quot;</ETag><Size>\(size)</Size></Contents>"
    }

    // MARK: - Again

    @Test func whatPassesIsTriedAgain() async throws {
        let http = ScriptedHTTPClient([
            { _ in .s3("SlowDown", status: 503) },
            { _ in .s3("ConditionalRequestConflict", status: 409) },
            { _ in HTTPResponse(status: 502, body: Array("<html/>".utf8)) },
            { _ in throw HTTPError(.interrupted, origin: Self.root, detail: "reset") },
            { _ in .s3("RequestTimeout", status: 400) }, { _ in Self.written },
        ])
        let (result, seconds) = try await scripted(http) { bench in
            let start = bench.time.now()
            let result = try await bench.storage().put("k", [1], if: .absent)
            return (result, bench.time.now().timeIntervalSince(start))
        }
        #expect(result == .written(tag: "\"2\""))
        #expect(http.requests.count == 6)
        #expect(seconds > 0 && seconds <= 0.2 + 0.4 + 0.8 + 1.6 + 3.2)
    }

    @Test(arguments: [("3", 3.0...3.25), ("86400", 20.0...20.25)])
    func theServersWishToWaitIsHonoured(
        _ wish: String, _ expected: ClosedRange<Double>
    ) async throws {
        let http = ScriptedHTTPClient(
            .s3("SlowDown", status: 503, headers: [HTTPHeader("Retry-After", wish)]), Self.written)
        let seconds = try await scripted(http) { bench in
            let start = bench.time.now()
            _ = try await bench.storage().put("k", [1], if: .absent)
            return bench.time.now().timeIntervalSince(start)
        }
        #expect(expected.contains(seconds))
    }

    // MARK: - Signing

    @Test func theBucketMayHaveItsOwnCredentialsAndAuthorities() async throws {
        let http = ScriptedHTTPClient(Self.written)
        try await scripted(http) { bench in
            var bench = bench
            bench.environment["LAUNCH_STATE_ACCESS_KEY_ID"] = "R2KEY"
            bench.environment["LAUNCH_STATE_SECRET_ACCESS_KEY"] = "s"
            bench.environment["AWS_CA_BUNDLE"] = "/ca.pem"
            bench.environment["AWS_ENDPOINT_URL_S3"] = "https://a.r2.cloudflarestorage.com"
            bench.region = "auto"
            _ = try await bench.storage().put("k", [1], if: .absent)
        }
        let request = http.requests[0]
        #expect(request.url == "https://a.r2.cloudflarestorage.com/b/k")
        #expect(request.trust == .authorities(path: "/ca.pem"))
        let authorization = request.headers.first { $0.name == "Authorization" }?.value
        #expect(
            authorization?.contains("Credential=R2KEY/20260921/auto/s3/aws4_request") == true)
    }

    @Test func aDifferingClockIsMadeUpForAndKnown() async throws {
        let date = HTTPHeader("Date", "Mon, 21 Sep 2026 14:23:20 GMT")
        let http = ScriptedHTTPClient(
            .s3("RequestTimeTooSkewed", status: 403, headers: [date]),
            HTTPResponse(status: 200, headers: [HTTPHeader("ETag", "\"2\""), date]))
        let offsets = try await scripted(http) { bench in
            let storage = bench.storage()
            let before = storage.clockOffset
            _ = try await storage.put("k", [1], if: .absent)
            return [before, storage.clockOffset]
        }
        #expect(offsets == [nil, .seconds(600)])
        let dates = http.requests.map { $0.headers.first { $0.name == "X-Amz-Date" }?.value }
        #expect(dates == ["20260921T141320Z", "20260921T142320Z"])
    }
}
