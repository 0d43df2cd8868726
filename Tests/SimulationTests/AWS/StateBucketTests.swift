import HTTP
import Resources
import Testing

@testable import Simulation

/// What S3 does to a store of state.
@Suite struct StateBucketTests {
    private static func withBucket<Result: Sendable>(
        ignoringConditions: Bool = false,
        _ body: @escaping @Sendable (AWSSession) async throws -> Result
    ) async throws -> Result {
        var configuration = WorldConfiguration()
        configuration.buckets = ["state"]
        configuration.keys = ["alias/state"]
        configuration.s3IgnoresConditions = ignoringConditions
        return try await withAWS(configuration, body)
    }

    private static let new = ["if-none-match": "*"]

    @Test func aGivenBucketIsNotCounted() async throws {
        try await Self.withBucket { aws in
            let written = try await aws.s3(.put, "/state/a", headers: Self.new, body: "1")
            #expect(written.status == 200)
            #expect(aws.world.inventory == [:])
            _ = try await aws.s3(.put, "/other")
            #expect(aws.world.inventory == ["s3 bucket": 1])
        }
    }

    @Test func aServerMayIgnoreConditions() async throws {
        let statuses = try await Self.withBucket(ignoringConditions: true) { aws in
            var statuses: [Int] = []
            for headers in [Self.new, Self.new, ["if-match": "\"x\""]] {
                statuses.append(try await aws.s3(.put, "/state/a", headers: headers).status)
            }
            return statuses
        }
        #expect(statuses == [200, 200, 200])
    }

    @Test(arguments: [
        (VendorFault.conflict, new, 409, "ConditionalRequestConflict"),
        (.conflict, [:], 200, "ok"),
        (.throttled, new, 503, "SlowDown"),
    ])
    func requestsCollide(
        _ fault: VendorFault, _ headers: [String: String], _ status: Int, _ code: String
    ) async throws {
        try await Self.withBucket { aws in
            aws.world.setFaults(.matching(.vendor(fault)) { _ in true })
            let response = try await aws.s3(.put, "/state/a", headers: headers, body: "1")
            #expect(response.status == status)
            #expect(AWSSession.Reply(status: status, text: response.text).code == code)
        }
    }

    /// The status of each request in a bucket that denies one action.
    @Test(arguments: [
        ("s3:PutObject", [403, 403, 200, 404, 200, 204]),
        ("s3:GetObject", [200, 403, 403, 403, 200, 204]),
        ("s3:ListBucket", [200, 412, 200, 403, 403, 204]),
        ("s3:DeleteObject", [200, 412, 200, 404, 200, 403]),
    ])
    func rightsCanBeTakenAway(_ action: String, _ statuses: [Int]) async throws {
        let found = try await Self.withBucket { aws in
            _ = try await aws.s3(.put, "/state/a", body: "1")
            aws.world.locked { _ = $0.aws?.s3.deny([action], in: "state") }
            return [
                try await aws.s3(.put, "/state/b", body: "1").status,
                try await aws.s3(.put, "/state/a", headers: ["if-match": "\"x\""]).status,
                try await aws.s3(.get, "/state/a").status,
                try await aws.s3(.get, "/state/none").status,
                try await aws.s3(.get, "/state?list-type=2").status,
                try await aws.s3(.delete, "/state/a").status,
            ]
        }
        #expect(found == statuses)
    }

    @Test func anotherRegionTellsWhereTheBucketIs() async throws {
        try await Self.withBucket { aws in
            let found = try await aws.s3(.get, "/state/a", region: "eu-west-1")
            #expect(found.status == 301)
            #expect(found.header("x-amz-bucket-region") == "us-east-1")
            let reply = AWSSession.Reply(status: found.status, text: found.text)
            #expect(reply.code == "PermanentRedirect")
            #expect(reply.first("Endpoint") == "state.s3.us-east-1.amazonaws.com")
            let shown = try await aws.s3(.head, "/state", region: "eu-west-1")
            #expect(shown.status == 301)
            #expect(shown.header("x-amz-bucket-region") == "us-east-1")
            #expect(try await aws.s3(.get, "/none/a", region: "eu-west-1").status == 404)
        }
    }

    @Test func aSignatureForAnotherRegionIsRefused() async throws {
        try await Self.withBucket { aws in
            var signer = aws.signer
            signer.region = "eu-west-1"
            let reply = try await aws.send(
                signer.sign(
                    .get, "https://state.s3.us-east-1.amazonaws.com/a", service: "s3",
                    at: aws.clock.now()))
            #expect(reply.status == 400)
            #expect(reply.code == "AuthorizationHeaderMalformed")
            #expect(reply.first("Region") == "us-east-1")
        }
    }

    private static let algorithm = "x-amz-server-side-encryption"
    private static let key = "x-amz-server-side-encryption-aws-kms-key-id"

    @Test(arguments: [
        ([:], "AES256"),
        ([algorithm: "AES256"], "AES256"),
        ([algorithm: "aws:kms"], "aws:kms"),
        ([algorithm: "aws:kms", key: "alias/state"], "aws:kms"),
        ([algorithm: "DES"], "InvalidArgument"),
        ([key: "alias/state"], "InvalidArgument"),
        ([algorithm: "aws:kms", key: "alias/none"], "KMS.NotFoundException"),
    ])
    func encryptionIsEchoed(_ headers: [String: String], _ outcome: String) async throws {
        try await Self.withBucket { aws in
            let put = try await aws.s3(.put, "/state/a", headers: headers, body: "1")
            guard put.isSuccess else {
                let reply = AWSSession.Reply(status: put.status, text: put.text)
                #expect(reply.code == outcome)
                return
            }
            let shown = try await aws.s3(.head, "/state/a")
            for response in [put, shown] {
                #expect(response.header(Self.algorithm) == outcome)
                let isKeyShown = response.header(Self.key)?.hasPrefix("arn:aws:kms:") == true
                #expect(isKeyShown == (headers[Self.key] != nil))
            }
        }
    }

    @Test func objectsCanBeChangedBehindTheStore() async throws {
        try await Self.withBucket { aws in
            _ = try await aws.s3(.put, "/state/a", body: "new")
            aws.world.locked { $0.aws?.s3.replace("a", in: "state", with: Array("old".utf8)) }
            #expect(try await aws.s3(.get, "/state/a").text == "old")
            let contents = aws.world.locked { $0.aws?.s3.contents(of: "state") }
            #expect(contents == ["a": Array("old".utf8)])
            aws.world.locked { $0.aws?.s3.replace("a", in: "state", with: nil) }
            #expect(try await aws.s3(.get, "/state/a").status == 404)
        }
    }
}
