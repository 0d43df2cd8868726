import Cloudflare
import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import Synchronization
import TestSupport

/// A simulated world, a provider in it, and what has been asked of it.
struct CloudflareFixture: Sendable {
    let world: SimulatedWorld
    let clock: VirtualClock
    let requests = RecordingHTTPClient.Log()

    init(_ clock: VirtualClock, pageSize: Int? = nil) {
        self.clock = clock
        var configuration = WorldConfiguration()
        configuration.zones = ["example.com", "shop.example.com", "example.org"]
        configuration.pageSize = pageSize
        world = SimulatedWorld(
            configuration, time: clock, random: SeededRandom(seed: 7), digests: OpenSSLDigests(),
            readSeedImage: { _ in [:] })
    }

    /// - Parameter overrides: laid over the world's credentials.
    func provider(
        _ overrides: [String: String] = [:], patience: Duration = .seconds(600)
    ) -> CloudflareProvider {
        let recording = RecordingHTTPClient(world, requests)
        let client: any HTTPClient =
            if let document = Self.document {
                OpenAPIChecker(recording, against: document)
            } else {
                recording
            }
        return CloudflareProvider(
            project: "acme", domains: ["example.com"],
            environment: world.environment.merging(overrides) { _, new in new }, client: client,
            time: clock, random: SeededRandom(seed: 1), request: Self.certificateRequest,
            patience: patience)
    }

    static let certificateRequest: CertificateRequesting = {
        let request = CertificateRequest(for: $0)
        return (request.key, request.text)
    }

    /// Cloudflare's API description, where it lies beside the package.
    static let document = SharedData.file("cloudflare-openapi.json").flatMap {
        try? OpenAPIDocument($0, basePath: "/client/v4", allowing: .cloudflare)
    }

    static let project = ProjectSpec(project: "acme", domain: "example.com")

    static func service(
        _ name: String, _ hostname: String, port: Int = 3080,
        exposure: ServiceSpec.Exposure = .tunnel, target: ServiceSpec.Target = .aws
    ) -> ServiceSpec {
        ServiceSpec(
            name: name, target: target,
            publicAccess: PublicAccess(hostname: hostname, port: port), exposure: exposure)
    }

    static func tunnel(_ service: String = "web", port: Int = 3080) -> Resource {
        CloudflareBlueprint().resources(
            for: Self.service(service, "\(service).example.com", port: port), in: project)[0]
    }

    static func record(
        _ hostname: String = "web.example.com", service: String = "web", type: String = "A",
        content: String = "192.0.2.1", proxied: Bool = true, ttl: Int = 1
    ) -> Resource {
        Resource(
            Address(service: service, kind: KindName(.cloudflare, "dns_record"), key: hostname),
            attributes: [
                "type": .string(type), "content": .string(content), "proxied": .boolean(proxied),
                "ttl": .integer(ttl), "comment": .string("launch:acme/\(service)"),
            ])
    }

    static func certificate(
        _ service: String = "web", _ hostnames: String...
    ) -> Resource {
        let names = hostnames.isEmpty ? ["\(service).example.com"] : hostnames
        return Resource(
            Address(service: service, kind: certificateKind),
            attributes: ["hostnames": .list(names.map(Value.string)), "current": true],
            origins: ["hostnames": "public"])
    }

    static let certificateKind = KindName(.cloudflare, "origin_certificate")

    static let key = IdempotencyKey("key")
    static let scope = Scope(project: "acme")
}

/// Keeps the method and path of every request.
struct RecordingHTTPClient: HTTPClient {
    final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }
        func clear() { lines.withLock { $0 = [] } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let base: any HTTPClient
    private let log: Log

    init(_ base: any HTTPClient, _ log: Log) {
        self.base = base
        self.log = log
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.url.split(separator: "/", maxSplits: 2).last ?? ""
        log.add("\(request.method.rawValue) /\(path.prefix { $0 != "?" })")
        return try await base.send(request)
    }
}
