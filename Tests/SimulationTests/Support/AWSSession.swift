import Cryptography
import Foundation
import HTTP
import Resources
import Simulation

/// A client of the simulated AWS in virtual time.
struct AWSSession: Sendable {
    let world: SimulatedWorld
    let clock: VirtualClock

    /// An answer, read with the least of XML.
    struct Reply {
        let status: Int
        let text: String

        /// The texts of every element of that name that holds only text.
        func all(_ name: String) -> [String] {
            text.components(separatedBy: "<\(name)>").dropFirst().compactMap { rest in
                let content = rest.prefix { $0 != "<" }
                return rest.dropFirst(content.count).hasPrefix("</\(name)>")
                    ? String(content) : nil
            }
        }

        func first(_ name: String) -> String? { all(name).first }

        /// `Code`, or `ok`.
        var code: String { status < 300 ? "ok" : first("Code") ?? "HTTP \(status)" }
    }

    var signer: TestSigner {
        let environment = world.environment
        return TestSigner(
            accessKey: environment["AWS_ACCESS_KEY_ID"] ?? "",
            secretKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "")
    }

    func ec2(_ action: String, _ parameters: [String: String] = [:]) async throws -> Reply {
        let pairs = [("Action", action), ("Version", "2016-11-15")] + parameters.map { $0 }
        return try await send(
            signer.sign(
                .post, "https://ec2.us-east-1.amazonaws.com/", service: "ec2", at: clock.now(),
                headers: ["content-type": "application/x-www-form-urlencoded; charset=utf-8"],
                body: formEncoded(pairs)))
    }

    func s3(
        _ method: HTTPRequest.Method, _ path: String, region: String = "us-east-1",
        headers: [String: String] = [:], body: String = ""
    ) async throws -> HTTPResponse {
        var signer = signer
        signer.region = region
        return try await world.send(
            signer.sign(
                method, "https://s3.\(region).amazonaws.com\(path)", service: "s3",
                at: clock.now(), headers: headers, body: body))
    }

    /// An answer in JSON.
    struct JSONReply: Equatable {
        let status: Int
        let document: Value

        /// The error's name, or `ok`.
        var code: String {
            status < 300
                ? "ok"
                : document["__type"]?.string?.split(separator: "#").last.map(String.init) ?? ""
        }

        subscript(_ member: String) -> Value? { document[member] }
    }

    func dynamoDB(_ operation: String, _ members: Value) async throws -> JSONReply {
        try await json("dynamodb", "DynamoDB_20120810.\(operation)", version: "1.0", members)
    }

    func kms(_ operation: String, _ members: Value) async throws -> JSONReply {
        try await json("kms", "TrentService.\(operation)", version: "1.1", members)
    }

    private func json(
        _ service: String, _ target: String, version: String, _ members: Value
    ) async throws -> JSONReply {
        let response = try await world.send(
            signer.sign(
                .post, "https://\(service).us-east-1.amazonaws.com/", service: service,
                at: clock.now(),
                headers: [
                    "content-type": "application/x-amz-json-\(version)", "x-amz-target": target,
                ], body: String(decoding: try JSONEncoder().encode(members), as: UTF8.self)))
        return JSONReply(status: response.status, document: response.json ?? .null)
    }

    func send(_ request: HTTPRequest) async throws -> Reply {
        let response = try await world.send(request)
        return Reply(status: response.status, text: response.text)
    }

    static let image = "ami-0a1b2c3d4e5f60001"

    /// Starts an instance and returns its id.
    func run(_ parameters: [String: String] = [:]) async throws -> String {
        try await ec2("RunInstances", Self.runParameters(parameters)).first("instanceId") ?? ""
    }

    static func runParameters(_ parameters: [String: String] = [:]) -> [String: String] {
        let usual = [
            "ImageId": image, "InstanceType": "t3.small", "MinCount": "1", "MaxCount": "1",
        ]
        return usual.merging(parameters) { $1 }
    }

    func state(of instance: String) async throws -> String? {
        try await ec2("DescribeInstances", ["InstanceId.1": instance]).first("name")
    }
}

/// Runs `body` against a fresh world in virtual time.
func withAWS<Result: Sendable>(
    _ configuration: WorldConfiguration = WorldConfiguration(),
    _ body: @escaping @Sendable (AWSSession) async throws -> Result
) async throws -> Result {
    try await withVirtualTime { clock in
        let world = SimulatedWorld(
            configuration, time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests(),
            readSeedImage: { _ in [:] })
        return try await body(AWSSession(world: world, clock: clock))
    }
}
