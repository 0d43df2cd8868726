import AWS
import Cryptography
import Foundation
import HTTP
import Journal
import Resources
import Simulation
import TestSupport

@testable import ObjectState

/// The state's clients over one HTTP client, signing with one key.
struct Bench: Sendable {
    let http: any HTTPClient
    let time: any TimeSource
    var environment = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
    ]
    var region = "eu-central-1"

    var configuration: AWSConfiguration {
        AWSConfiguration(region: region, setting: "state.region", environment: environment)
    }

    func client(for service: AWSService) -> AWSSignedHTTPClient {
        AWSSignedHTTPClient(
            for: service, configuration: configuration,
            credentials: EnvironmentCredentials.ofState(environment)
                ?? EnvironmentCredentials(environment), http: http, time: time,
            digests: OpenSSLDigests())
    }

    func storage(
        bucket: String = "b", endpoint: String? = nil, encryption: S3Encryption? = nil
    ) -> S3Storage {
        S3Storage(
            S3Location(
                bucket: bucket, region: region,
                endpoint: endpoint ?? configuration.customEndpoint(of: .s3)),
            encryption: encryption, http: client(for: .s3), time: time,
            random: SeededRandom(seed: 1))
    }

    func register(table: String = "locks", state: String = "b/state.json") throws
        -> DynamoDBRegister
    {
        DynamoDBRegister(
            table: table, state: state, region: region,
            endpoint: try configuration.endpoint(of: .dynamodb), http: client(for: .dynamodb),
            time: time, random: SeededRandom(seed: 1))
    }

    func wrapping(keyID: String = "alias/launch", project: String = "demo") throws
        -> KMSKeyWrapping
    {
        KMSKeyWrapping(
            keyID: keyID, project: project, endpoint: try configuration.endpoint(of: .kms),
            http: client(for: .kms), time: time, random: SeededRandom(seed: 1))
    }
}

/// Runs `body` in virtual time against scripted answers.
func scripted<Result: Sendable>(
    _ http: ScriptedHTTPClient, _ body: @escaping @Sendable (Bench) async throws -> Result
) async throws -> Result {
    try await withVirtualTime { clock in try await body(Bench(http: http, time: clock)) }
}

/// The error of a call that is expected to fail, in the words that people read.
func failure(of body: @Sendable () async throws -> some Sendable) async throws -> String? {
    do {
        _ = try await body()
        return nil
    } catch let error as StateError {
        return "\(error) \(error.remedy)"
    }
}

extension ScriptedHTTPClient {
    /// Answers the same to more requests than any retry makes.
    convenience init(always answer: @escaping Answer) {
        self.init(Array(repeating: answer, count: 40))
    }

    convenience init(always response: HTTPResponse) { self.init(always: { _ in response }) }
}

extension HTTPRequest {
    /// `GET https://…`, the headers that are neither the signature's nor empty, and the text.
    var lines: [String] {
        let signature: Set = [
            "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token",
        ]
        let kept = headers.filter { !signature.contains($0.name.lowercased()) }
        return ["\(method.rawValue) \(url)"] + kept.map { "\($0.name): \($0.value)" }
            + (text.isEmpty ? [] : [text])
    }

    var text: String {
        guard case .bytes(let bytes) = body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension HTTPResponse {
    static func s3(
        _ code: String, status: Int, message: String = "Some words.", inside: String = "",
        headers: [HTTPHeader] = []
    ) -> HTTPResponse {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>\(code)</Code><Message>\(message)</Message>\(inside)\
            <RequestId>1</RequestId></Error>
            """
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }

    static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(text.utf8))
    }

    static func refused(_ type: String, status: Int = 400) -> HTTPResponse {
        json(#"{"__type":"com.example#\#(type)","message":"Some words."}"#, status: status)
    }

    static func object(_ text: String, tag: String = "\"1\"") -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPHeader("ETag", tag)], body: Array(text.utf8))
    }
}
