import HTTP
import Planning
import Reconciling
import Reporting
import Resources
import Simulation
import Synchronization
import TestSupport

/// Every event, in every form in which it is shown.
final class Heard: EventSink {
    private let parts = Mutex("")

    var text: String { parts.withLock { $0 } }

    func emit(_ event: Event) {
        let report = EventReport()
        var words = (report.line(event) ?? "") + report.json(event) + String(reflecting: event)
        if case .planReady(let plan) = event {
            let plan = PlanReport(plan, requests: [:])
            words += plan.text() + plan.json + plan.markdown
        }
        parts.withLock { $0 += words }
    }
}

/// Opens what the repository's Actions are given, and so learns the private keys in there.
struct KeyCollector {
    private let world: SimulatedWorld
    private let owner = BoxKeyPair()

    init(_ world: SimulatedWorld) {
        self.world = world
        let key = owner.publicKey
        world.locked { $0.github?.secrets(of: "example/services")?.publicKey = key }
    }

    /// Each line of their PEM: whatever is around a key, a line of it is whole.
    var lines: [String] { keys.flatMap { $0.split(separator: "\n").map(String.init) } }

    private var keys: [String] {
        let boxes = world.locked { core in
            let secrets = core.github?.secrets(of: "example/services")
            return (secrets?.names ?? []).compactMap { secrets?.sealed($0) }
        }
        return boxes.compactMap(owner.open).map { String(decoding: $0, as: UTF8.self) }
            .compactMap { text in
                text.firstMatch(of: /-----BEGIN PRIVATE KEY-----\n([^-]+)/).map { String($0.1) }
            }
    }
}

/// Learns the tokens that GitHub gives out.
final class TokenCollector: HTTPClient {
    private let base: any HTTPClient
    private let tokens = Mutex<[String]>([])

    init(_ base: any HTTPClient) { self.base = base }

    var registrationTokens: [String] { tokens.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await base.send(request)
        if request.url.hasSuffix("/registration-token"),
            let token = response.json?["token"]?.string
        {
            tokens.withLock { $0.append(token) }
        }
        return response
    }
}
