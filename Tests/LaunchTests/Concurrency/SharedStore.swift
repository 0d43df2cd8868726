import AWS
import Cryptography
import Foundation
import HTTP
import Journal
import ObjectState
import Resources
import SQLiteState
import Simulation
import TestSupport
import Testing

/// Where runs at the same time keep their state.
enum SharedStore: String, Sendable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case simulatedS3 = "the simulated S3"
    case motoS3 = "moto's S3"
    case motoDynamoDB = "moto's S3 with leases in DynamoDB"

    var testDescription: String { rawValue }

    /// What makes a run use it, and what lets a test look into it.
    struct Place: Sendable {
        /// Of `state` in launch.yaml.
        let settings: [String]
        var environment: [String: String] = [:]
        let objects: any ObjectStorage
        let key: String
    }

    private static let key = "state.json"

    /// - Parameter moto: for those that need it.
    func prepare(for bench: Bench, moto: MotoServer?) async throws -> Place {
        switch self {
        case .sqlite: return sqlite(bench.stateFile.path)
        case .simulatedS3:
            try await bench.world.perform("create_bucket", name: "launch-state")
            return s3("launch-state", of: SignedAWS(environment: bench.world.environment))
        case .motoS3:
            let aws = SignedAWS(environment: try #require(moto).environment)
            var place = s3(try await aws.makeBucket(), of: aws)
            place.environment = [
                "LAUNCH_STATE_ACCESS_KEY_ID": aws.environment["AWS_ACCESS_KEY_ID"] ?? "",
                "LAUNCH_STATE_SECRET_ACCESS_KEY": aws.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
            ]
            return place
        case .motoDynamoDB:
            let aws = SignedAWS(environment: try #require(moto).environment)
            let bucket = try await aws.makeBucket()
            try await aws.makeTable(bucket)
            var place = s3(bucket, of: aws, ["lock: dynamodb", "lock_table: \(bucket)"])
            place.environment = aws.environment.filter { $0.key != "AWS_ENDPOINT_URL" }
            place.environment["AWS_ENDPOINT_URL_DYNAMODB"] = aws.endpoint
            return place
        }
    }

    private func sqlite(_ path: String) -> Place {
        Place(
            settings: ["backend: sqlite", "path: \(path)"],
            objects: SQLiteObjects(
                path: path, time: WallClock(), random: SeededRandom(seed: 1)),
            key: "state")
    }

    private func s3(_ bucket: String, of aws: SignedAWS, _ lock: [String] = []) -> Place {
        Place(
            settings: [
                "backend: s3", "bucket: \(bucket)", "key: \(Self.key)", "region: us-east-1",
                "endpoint: \(aws.endpoint)",
            ] + lock,
            objects: aws.storage(bucket), key: Self.key)
    }
}

/// Here others keep the file busy in real time.
private struct WallClock: TimeSource {
    func now() -> Date { .now }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// AWS behind one endpoint, for what the tests themselves ask of it.
private struct SignedAWS {
    let environment: [String: String]
    private let time = VirtualClock(startingAt: .now)

    init(environment: [String: String]) { self.environment = environment }

    var endpoint: String { environment["AWS_ENDPOINT_URL"] ?? "" }

    func storage(_ bucket: String) -> S3Storage {
        S3Storage(
            S3Location(bucket: bucket, region: "us-east-1", endpoint: endpoint),
            http: client(for: .s3), time: time, random: SeededRandom(seed: 1))
    }

    /// Its name is its own: one moto serves all tests.
    func makeBucket() async throws -> String {
        let name = "launch-\(UUID().uuidString.lowercased())"
        let made = try await client(for: .s3).send(HTTPRequest(.put, "\(endpoint)/\(name)"))
        try #require(made.isSuccess)
        return name
    }

    func makeTable(_ name: String) async throws {
        let table: Value = [
            "TableName": .string(name), "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [["AttributeName": "LockID", "AttributeType": "S"]],
            "KeySchema": [["AttributeName": "LockID", "KeyType": "HASH"]],
        ]
        let made = try await client(for: .dynamodb).send(
            HTTPRequest(
                .post, "\(endpoint)/",
                headers: [
                    HTTPHeader("Content-Type", "application/x-amz-json-1.0"),
                    HTTPHeader("X-Amz-Target", "DynamoDB_20120810.CreateTable"),
                ], body: try .json(table)))
        try #require(made.isSuccess)
    }

    private func client(for service: AWSService) -> AWSSignedHTTPClient {
        AWSSignedHTTPClient(
            for: service,
            configuration: AWSConfiguration(
                region: "us-east-1", setting: "state.region", environment: environment),
            credentials: EnvironmentCredentials(environment), http: ServedWorld.client, time: time,
            digests: OpenSSLDigests())
    }
}
