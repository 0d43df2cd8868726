@testable import AWS
import Cryptography
import Foundation
import HTTP
import Resources
import Simulation
import Synchronization
import TestSupport

/// A machine whose files and programs are written down.
final class ScriptedHost: AWSHost {
    private let files: Mutex<[String: String]>
    /// What each program prints, by its whole command line.
    private let programs: [[String]: String]
    private let ran = Mutex<[[String]]>([])

    init(_ files: [String: String] = [:], programs: [[String]: String] = [:]) {
        self.files = Mutex(files)
        self.programs = programs
    }

    var commands: [[String]] { ran.withLock { $0 } }

    func write(_ text: String, to path: String) { files.withLock { $0[path] = text } }

    func content(of path: String) throws -> [UInt8]? {
        guard let text = files.withLock({ $0[path] }) else { return nil }
        if text == Self.unreadable { throw HostFailure("permission denied") }
        return Array(text.utf8)
    }

    func output(of command: [String]) throws -> [UInt8] {
        ran.withLock { $0.append(command) }
        guard let text = programs[command] else { throw HostFailure("there is no such program") }
        return Array(text.utf8)
    }

    static let unreadable = "(unreadable)"
}

/// A chain with everything around it scripted.
struct CredentialBench: Sendable {
    var environment: [String: String]
    let host: ScriptedHost
    let http: any HTTPClient

    /// - Parameters:
    ///   - config: what `~/.aws/config` says.
    ///   - credentials: what `~/.aws/credentials` says.
    init(
        _ environment: [String: String] = [:], config: String? = nil, credentials: String? = nil,
        files: [String: String] = [:], programs: [[String]: String] = [:],
        http: any HTTPClient = ScriptedHTTPClient()
    ) {
        self.environment = environment.merging(["HOME": "/home/ci"]) { $1 }
        var files = files
        files["/home/ci/.aws/config"] = config
        files["/home/ci/.aws/credentials"] = credentials
        host = ScriptedHost(files, programs: programs)
        self.http = http
    }

    func chain(_ time: any TimeSource) -> CredentialChain {
        CredentialChain(
            environment, host: host, http: http, time: time, random: SeededRandom(seed: 1),
            digests: OpenSSLDigests())
    }

    /// The origin and the credentials, or the whole error with its remedy, a line each.
    func outcome() async throws -> [String] {
        try await withVirtualTime { clock in
            let chain = chain(clock)
            do {
                let found = try await chain.credentials()
                return [chain.origin, found.line]
            } catch let error as ProviderError {
                return ["\(error)", error.remedy]
            }
        }
    }
}

extension AWSCredentials {
    /// `KEY secret token`.
    var line: String {
        [accessKeyID, secretAccessKey.revealed, sessionToken?.revealed].compactMap(\.self)
            .joined(separator: " ")
    }
}

extension HTTPRequest {
    /// `GET https://…`, and in order the headers that matter.
    var summary: String {
        let kept = headers.filter { $0.name != "Accept" && $0.name != "Content-Type" }
        return ([method.rawValue, url] + kept.map { "\($0.name): \($0.value)" })
            .joined(separator: " ")
    }

    /// The access key that signed it; `nil` when nobody did.
    var signer: String? {
        headers.first { $0.name == "Authorization" }?.value
            .split(separator: "=").dropFirst().first?.split(separator: "/").first.map(String.init)
    }
}

extension HTTPResponse {
    static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(text.utf8))
    }

    /// An answer of STS. The clock of the tests starts at 2026-09-21T14:13:20Z.
    static func role(
        _ operation: String, key: String, expiration: String = "2026-09-21T15:13:20Z"
    ) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            body: Array(
                """
                <\(operation)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\
                <\(operation)Result><Credentials><AccessKeyId>\(key)</AccessKeyId>\
                <SecretAccessKey>secret-of-\(key)</SecretAccessKey>\
                <SessionToken>token-of-\(key)</SessionToken>\
                <Expiration>\(expiration)</Expiration></Credentials></\(operation)Result>\
                </\(operation)Response>
                """.utf8))
    }

    /// A metadata service's document.
    static func metadata(key: String, expiration: String = "2026-09-21T20:13:20Z") -> HTTPResponse {
        .json(
            """
            {"Code":"Success","AccessKeyId":"\(key)","SecretAccessKey":"s","Token":"t",
             "Expiration":"\(expiration)"}
            """)
    }
}
