import AWS
import CurlHTTP
import Foundation
import HTTP
import Journal
import Logging
import Resources
import Simulation
import TestSupport
import Testing

@testable import ObjectState

/// The clients over real HTTP against services that someone else wrote, which check signatures.
@Suite(.enabled(if: MotoServer.python != nil, "\(MotoServer.reason)"))
struct MotoTests {
    @Test func objectsLiveTheirWholeLife() async throws {
        try await withMoto { bench in
            try await bench.makeBucket("launch-state", at: bench.endpoint)
            try await expectWholeLife(
                of: bench.storage(bucket: "launch-state"), prefix: "my state/é+")
            try await expectWholeLife(
                of: bench.storage(bucket: "launch-state", encryption: .managed),
                prefix: "encrypted")
        }
    }

    @Test func listsGoOverPages() async throws {
        try await withMoto { bench in
            try await bench.makeBucket("launch-state", at: bench.endpoint)
            let storage = bench.storage(bucket: "launch-state")
            for number in 10..<22 {
                _ = try await storage.put("j/\(number)", [1], if: .absent)
            }
            let all = try await storage.list("j/", after: nil)
            #expect(all.map(\.key) == (10..<22).map { "j/\($0)" })
        }
    }

    @Test func aRegisterIsReplacedByWhoHasSeenIt() async throws {
        try await withMoto { bench in
            try await bench.call(
                .dynamodb, "DynamoDB_20120810.CreateTable", "1.0",
                [
                    "TableName": "locks", "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [["AttributeName": "LockID", "AttributeType": "S"]],
                    "KeySchema": [["AttributeName": "LockID", "KeyType": "HASH"]],
                ])
            let register = try bench.register()
            let nothing = try await register.get()
            #expect(nothing == nil)
            let early = try await register.put([1], if: .tag("0"))
            #expect(early == .refused)
            guard
                case .written(let first) = try await register.put(Array("{ä}".utf8), if: .absent)
            else {
                Issue.record("the first document was refused")
                return
            }
            let again = try await register.put([2], if: .absent)
            #expect(again == .refused)
            let created = try await register.get()
            #expect(created == StoredObject(bytes: Array("{ä}".utf8), tag: first))
            guard case .written(let second) = try await register.put([0xFF], if: .tag(first))
            else {
                Issue.record("the replacement was refused")
                return
            }
            let late = try await register.put([4], if: .tag(first))
            #expect(late == .refused)
            let replaced = try await register.get()
            #expect(replaced == StoredObject(bytes: [0xFF], tag: second))
        }
    }

    @Test func aLockOfTerraformsIsRead() async throws {
        try await withMoto { bench in
            try await bench.call(
                .dynamodb, "DynamoDB_20120810.CreateTable", "1.0",
                [
                    "TableName": "terraform", "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [["AttributeName": "LockID", "AttributeType": "S"]],
                    "KeySchema": [["AttributeName": "LockID", "KeyType": "HASH"]],
                ])
            let table = TerraformLockTable(
                "terraform", region: bench.region,
                endpoint: try bench.configuration.endpoint(of: .dynamodb),
                http: bench.client(for: .dynamodb), time: bench.time,
                random: SeededRandom(seed: 1))
            let free = try await table.lock(of: "b/k")
            #expect(free == nil)
            try await bench.call(
                .dynamodb, "DynamoDB_20120810.PutItem", "1.0",
                [
                    "TableName": "terraform",
                    "Item": ["LockID": ["S": "b/k"], "Info": ["S": "{\"Who\":\"ada\"}"]],
                ])
            let held = try await table.lock(of: "b/k")
            #expect(held == Array(#"{"Who":"ada"}"#.utf8))
        }
    }

    @Test func aTableThatIsNotThereIsNamed() async throws {
        try await withMoto { bench in
            let register = try bench.register()
            let error = try await failure { try await register.get() }
            #expect(
                error?.hasPrefix(
                    """
                    dynamodb://locks: the state store cannot be used: there is no table "locks" \
                    in us-east-1 Create it with `aws dynamodb create-table 
                    """) == true)
        }
    }

    @Test func dataKeysComeBackForTheirProjectAlone() async throws {
        try await withMoto { bench in
            let made = try await bench.call(.kms, "TrentService.CreateKey", "1.1", [:])
            let keyID = try #require(made["KeyMetadata"]?["KeyId"]?.string)
            let wrapping = try bench.wrapping(keyID: keyID)
            let (key, wrapped) = try await wrapping.makeKey()
            #expect(key.count == 32)
            let back = try await wrapping.unwrap(wrapped, location: "s3://b/k")
            #expect(back == key)
            let other = try bench.wrapping(keyID: keyID, project: "other")
            let complaint = try await failure {
                try await other.unwrap(wrapped, location: "s3://b/k")
            }
            #expect(complaint?.hasPrefix("s3://b/k: the state cannot be decrypted: ") == true)
        }
    }

    @Test func wrongCredentialsAreRefused() async throws {
        try await withMoto { bench in
            var bench = bench
            bench.environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
            let storage = bench.storage()
            let complaint = try await failure { try await storage.get("k") }
            let remedy =
                "Check the secret key that goes with AWS_ACCESS_KEY_ID: it is another key's."
            #expect(complaint?.hasSuffix(remedy) == true, "\(complaint ?? "")")
        }
    }

    private func withMoto(
        _ body: @escaping @Sendable (Bench) async throws -> Void
    ) async throws {
        let moto = try MotoServer()
        defer { moto.stop() }
        let http = CurlHTTPClient(environment: [:], logger: Logger(label: "moto"))
        defer { http.close() }
        let environment = moto.environment
        // Where moto's clock is, or a refused signature would be laid to the difference.
        try await withVirtualTime(clock: VirtualClock(startingAt: .now)) { clock in
            try await body(
                Bench(http: http, time: clock, environment: environment, region: "us-east-1"))
        }
    }
}

extension Bench {
    fileprivate var endpoint: String { environment["AWS_ENDPOINT_URL"] ?? "" }

    @discardableResult
    fileprivate func call(
        _ service: AWSService, _ target: String, _ version: String, _ input: Value
    ) async throws -> Value {
        let response = try await client(for: service).send(
            HTTPRequest(
                .post, "\(endpoint)/",
                headers: [
                    HTTPHeader("Content-Type", "application/x-amz-json-\(version)"),
                    HTTPHeader("X-Amz-Target", target),
                ], body: try .json(input)))
        return try #require(response.json)
    }
}
