import Assembly
import Foundation
import HTTP
import Planning
import Reconciling
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// Secrets are everywhere they can be, also in what the other side says; every byte that is
/// written or shown is searched for them.
@Suite struct CanaryTests {
    private static let stateForms: [[StateForm]] = [
        [.sqlite], [.sqlite, .passphrase], [.native], [.passphrase], [.dynamodb, .kms],
    ]

    @Test(arguments: stateForms) func noSecretIsWrittenOrShown(_ forms: [StateForm]) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "launch-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let found = try await withVirtualTime { clock in
            var fleet = RemoteFleet(clock)
            fleet.root = folder
            for form in forms { form.apply(to: &fleet) }
            fleet.sowSecrets()
            let keys = KeyCollector(fleet.world)
            let tokens = TokenCollector(fleet.world)
            let echo = EchoClient(tokens, SecretVariables.values(in: fleet.environment))
            let shown = try await Self.everything(of: fleet, echo)
            let written =
                try Self.bytes(in: folder)
                + fleet.contents.map { Array("\($0.key)\n".utf8) + $0.value }
                + fleet.lockItems.map { Array("\($0)".utf8) }
            #expect(tokens.registrationTokens.count >= 1)
            #expect(echo.count > 10)
            #expect(!written.isEmpty)
            #expect(keys.lines.count >= 3)
            let secrets =
                Array(fleet.secrets) + keys.lines.map { (key: "private key", value: $0) }
                + tokens.registrationTokens.map { (key: "registration token", value: $0) }
            #expect(secrets.count > 9)
            let sinks = (written + [Array(shown.utf8)]).map { Data($0) }
            return secrets.filter { _, secret in
                sinks.contains { $0.range(of: Data(secret.utf8)) != nil }
            }.map(\.key).sorted()
        }
        #expect(found == [])
    }

    /// Runs everything once with all well, and once against servers that quote what they know.
    private static func everything(of fleet: RemoteFleet, _ echo: EchoClient) async throws -> String
    {
        let repository = Repository.full(in: fleet.world)
        let heard = Heard()
        var shown = ""
        for services in [repository, repository.with { $0.size = .named(.large) }] {
            let workspace = try fleet.workspace(services, http: echo, events: heard)
            let reconciler = workspace.reconciler
            let goal = workspace.goal()
            shown += await said { "\(try await reconciler.plan(goal))" }
            shown += await said {
                let report = try await reconciler.converge(goal, claim: Fleet.claim) {
                    heard.emit(.planReady($0))
                }
                return "\(report)" + String(reflecting: report)
            }
            shown += await said {
                let renewal = RunnerRenewal(services, surroundings: fleet.surroundings(echo))
                return
                    "\(try await services.services.concurrentMap { try await renewal.renew($0) })"
            }
            shown += await said { forms(of: DriftReport(try await reconciler.drift(goal))) }
            shown += await said {
                let (document, observed, _) = try await reconciler.look(goal)
                return document.json.jsonText(pretty: true) + "\(observed)"
            }
            shown += await said {
                "\(try await workspace.store.history(of: nil, limit: 1000).map(\.json))"
            }
            for address in try await workspace.store.read().resources.keys {
                shown += await said {
                    let life = try await workspace.store.life(of: address)
                    let report = LifeReport(address, record: nil, events: life)
                    return "\(life)" + report.text() + report.json + report.markdown
                }
            }
            shown += await said { "\(try await workspace.store.leases())" }
            let doctor = DoctorReport(await workspace.examine(), project: "example")
            shown += doctor.text() + doctor.json + doctor.markdown
            echo.begin()
        }
        return shown + heard.text
    }

    private static func forms(of drift: DriftReport) -> String {
        drift.text() + drift.json + drift.markdown
    }

    /// What is shown of it, or of its failure.
    private static func said(_ body: () async throws -> String) async -> String {
        do {
            return try await body()
        } catch {
            let remedy = (error as? ProviderError)?.remedy ?? ""
            return "\(error)" + String(reflecting: error) + remedy
        }
    }

    private static func bytes(in folder: String) throws -> [[UInt8]] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap {
            try? Array(Data(contentsOf: URL(filePath: "\(folder)/\($0)")))
        }
    }
}

extension RemoteFleet {
    /// The values of a service's secrets, and what the store's own credentials are.
    fileprivate mutating func sowSecrets() {
        environment["KEY"] = "canary-of-a-service"
        environment["LAUNCH_STATE_ACCESS_KEY_ID"] = environment["AWS_ACCESS_KEY_ID"]
        environment["LAUNCH_STATE_SECRET_ACCESS_KEY"] = environment["AWS_SECRET_ACCESS_KEY"]
    }

    fileprivate var lockItems: [String: [String: Value]] {
        world.locked { $0.aws?.dynamoDB.items(in: Self.table) ?? [:] }
    }

    fileprivate var secrets: [String: String] {
        environment.filter { name, _ in
            ["SECRET", "TOKEN", "PASSPHRASE"].contains { name.contains($0) } || name == "KEY"
        }
    }
}

/// Servers that refuse every change and, once it has begun, every request, and quote secrets.
private final class EchoClient: HTTPClient {
    private let base: any HTTPClient
    private let words: String
    private let refusals = Mutex<Int?>(nil)

    init(_ base: any HTTPClient, _ secrets: [String]) {
        self.base = base
        words = "the credentials \(secrets.joined(separator: " ")) are not good enough"
    }

    var count: Int { refusals.withLock { $0 ?? 0 } }

    func begin() { refusals.withLock { $0 = $0 ?? 0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let host = String(request.url.split(separator: "/").dropFirst().first ?? "")
        let keepsState = ["s3.", "dynamodb.", "kms."].contains { host.contains($0) }
        let refuses = refusals.withLock { count in
            guard let number = count, !keepsState, number % 3 > 0 || !request.isRead else {
                if count != nil, !keepsState { count? += 1 }
                return false
            }
            count = number + 1
            return true
        }
        return refuses ? refusal(from: host) : try await base.send(request)
    }

    private func refusal(from host: String) -> HTTPResponse {
        let body =
            host.contains("amazonaws")
            ? "<Response><Errors><Error><Code>Nope</Code><Message>\(words)</Message></Error>"
                + "</Errors><RequestID>1</RequestID></Response>"
            : """
            {"success": false, "message": "\(words)", "data": null, "result": null,
             "errors": [{"code": 1000, "message": "\(words)"}], "messages": []}
            """
        return HTTPResponse(status: 400, reason: words, body: Array(body.utf8))
    }
}
