import Assembly
import HTTP
import Reconciling
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

@Suite struct TraceExportTests {
    /// Answers with what it is told to, one after the other, and keeps what it was sent.
    private final class Collector: HTTPClient {
        private let answers: Mutex<[Int]>
        private let kept = Mutex<[HTTPRequest]>([])

        init(_ answers: [Int]) { self.answers = Mutex(answers) }

        var requests: [HTTPRequest] { kept.withLock { $0 } }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            kept.withLock { $0.append(request) }
            let status = answers.withLock { $0.isEmpty ? 0 : $0.removeFirst() }
            guard status > 0 else {
                throw HTTPError(.refused, origin: "http://collector:4318", detail: "refused")
            }
            return HTTPResponse(status: status)
        }
    }

    private func export(
        _ variables: [String: String], _ answers: [Int]
    ) async throws -> (complaint: String?, requests: [HTTPRequest])? {
        try await withVirtualTime { clock in
            let collector = Collector(answers)
            let export = TraceExport(
                "converge", version: "1.2",
                Surroundings(
                    http: collector, time: clock, random: SeededRandom(seed: 1),
                    environment: variables))
            guard let export else { return nil }
            export.emit(.stage(service: "web", stage: "serving"))
            return (await export.send(), collector.requests)
        }
    }

    private static let base = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"]

    @Test(arguments: [
        (base, "http://collector:4318/v1/traces"),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c/otel/"], "http://c/otel/v1/traces"),
        (
            base.merging(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://t/here"]) { $1 },
            "http://t/here"
        ),
    ])
    func theEnvironmentSaysWhereItGoes(variables: [String: String], url: String) async throws {
        let sent = try #require(try await export(variables, [200]))
        #expect(sent.complaint == nil)
        #expect(sent.requests.map(\.url) == [url])
    }

    @Test(arguments: [
        [:], ["OTEL_EXPORTER_OTLP_ENDPOINT": ""],
        base.merging(["OTEL_SDK_DISABLED": "true"]) { $1 },
        base.merging(["OTEL_TRACES_EXPORTER": "none"]) { $1 },
    ])
    func nobodyIsSentWhatNobodyAskedFor(variables: [String: String]) async throws {
        #expect(try await export(variables, [200]) == nil)
    }

    @Test func headersAndAttributesComeFromTheEnvironment() async throws {
        let variables = Self.base.merging([
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key=s%3Dcret, x-team = ops,broken",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=ci,service.name=other",
            "OTEL_SERVICE_NAME": "shop", "OTEL_EXPORTER_OTLP_TIMEOUT": "1500",
        ]) { $1 }
        let request = try #require(try await export(variables, [200])?.requests.first)
        #expect(
            request.headers == [
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("api-key", "s=cret", isSensitive: true),
                HTTPHeader("x-team", "ops", isSensitive: true),
            ])
        #expect(request.timeout == .milliseconds(1500))
        guard case .bytes(let bytes) = request.body, let message = Value(json: bytes) else {
            Issue.record("no JSON")
            return
        }
        let resource = message["resourceSpans"]?.list?[0]["resource"]?["attributes"]
        #expect(
            resource == [
                ["key": "deployment.environment", "value": ["stringValue": "ci"]],
                ["key": "service.name", "value": ["stringValue": "shop"]],
                ["key": "service.version", "value": ["stringValue": "1.2"]],
            ])
    }

    @Test(arguments: [
        ([503, 200], nil, 2), ([429, 502, 200], nil, 3),
        ([400], "HTTP status 400", 1), ([503, 503, 503, 200], "HTTP status 503", 3),
        ([], "http://collector:4318: refused", 3),
    ])
    func aFailureIsToldAndTriedAgainWhereThatHelps(
        answers: [Int], complaint: String?, requests: Int
    ) async throws {
        let sent = try #require(try await export(Self.base, answers))
        #expect(
            sent.complaint
                == complaint.map {
                    "the trace could not be sent to http://collector:4318/v1/traces: \($0)"
                })
        #expect(sent.requests.count == requests)
    }
}
