import AWS
import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import Synchronization
import TestSupport

/// A provider whose HTTP is scripted, in virtual time.
func scripted<Result: Sendable>(
    _ http: any HTTPClient, project: ProjectSpec = .example,
    environment: [String: String] = [:], progress: any ProgressSink = SilentProgress(),
    compress: @escaping Compression = { $0 },
    _ body: @escaping @Sendable (AWSProvider, VirtualClock) async throws -> Result
) async throws -> Result {
    let environment = environment.merging(
        ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"]
    ) { given, _ in given }
    return try await withVirtualTime { clock in
        let provider = AWSProvider(
            project, environment: environment, http: http, time: clock,
            random: SeededRandom(seed: 1), digests: OpenSSLDigests(), progress: progress,
            compress: compress)
        return try await body(provider, clock)
    }
}

extension PriceCatalogue {
    /// One of the region eu-central-1.
    static func scripted(_ http: any HTTPClient, _ time: any TimeSource) -> PriceCatalogue {
        PriceCatalogue(
            configuration: AWSConfiguration(region: "eu-central-1", environment: [:]),
            credentials: EnvironmentCredentials([
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
            ]), http: http, time: time, random: SeededRandom(seed: 1), digests: OpenSSLDigests())
    }
}

extension ScriptedHTTPClient {
    /// Answers the same to more requests than any retry makes.
    convenience init(always response: HTTPResponse) {
        let answer: Answer = { _ in response }
        self.init(Array(repeating: answer, count: 40))
    }
}

extension ProjectSpec {
    static var example: ProjectSpec {
        var aws = AWSSettings()
        aws.region = "eu-central-1"
        return ProjectSpec(project: "demo", aws: aws)
    }
}

extension HTTPRequest {
    /// The form's parameters, decoded, one a line; without the version, which never varies.
    var form: [String] {
        guard case .bytes(let bytes) = body else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "&")
            .map { String($0).percentDecoded }.filter { !$0.hasPrefix("Version=") }
    }

    /// `DescribeInstances`, or the JSON protocol's target.
    var operation: String {
        if let target = headers.first(where: { $0.name == "X-Amz-Target" }) { return target.value }
        return form.first.map { String($0.dropFirst("Action=".count)) } ?? ""
    }
}

extension HTTPResponse {
    static func xml(_ action: String, _ content: String = "") -> HTTPResponse {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <\(action)Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
            <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>\(content)
            </\(action)Response>
            """
        return HTTPResponse(status: 200, body: Array(text.utf8))
    }

    static func failure(
        _ code: String, status: Int = 400, message: String = "Some words.",
        headers: [HTTPHeader] = []
    ) -> HTTPResponse {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error>\
            </Errors><RequestID>ea966190</RequestID></Response>
            """
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }

    static func imageParameter(_ id: String) -> HTTPResponse {
        let text = #"{"Parameter":{"Name":"x","Type":"String","Value":"\#(id)","Version":1}}"#
        return HTTPResponse(status: 200, body: Array(text.utf8))
    }
}

/// The ownership tags of an object as EC2 lists them.
func tagSet(
    _ address: String, environment: String = "production", name: String? = nil,
    others: [String: String] = [:]
) -> String {
    var tags = [
        "launch:project": "demo", "launch:environment": environment, "launch:address": address,
        "launch:service": String(address.prefix { $0 != "/" }),
    ]
    tags["Name"] = name
    tags.merge(others) { $1 }
    let items = tags.sorted { $0.key < $1.key }
        .map { "<item><key>\($0.key)</key><value>\($0.value)</value></item>" }
    return "<tagSet>\(items.joined())</tagSet>"
}

/// The error of a call that is expected to fail.
func providerError(
    of body: @Sendable () async throws -> some Sendable
) async throws -> ProviderError? {
    do {
        _ = try await body()
        return nil
    } catch let error as ProviderError {
        return error
    }
}
