import HTTP
import Planning
import Reconciling
import Reporting
import Resources
import Synchronization

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
