import HTTP
package import Reconciling
import Resources

import Foundation
import Reporting
import Synchronization

/// Sends a run's trace where the environment says, by OTLP over HTTP:
/// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>.
package final class TraceExport: EventSink {
    private let endpoint: String
    private let headers: [HTTPHeader]
    private let timeout: Duration
    private let resource: [String: Value]
    private let version: String
    private let surroundings: Surroundings
    private let trace: Mutex<Trace>

    /// `nil` where no endpoint is set, or `OTEL_SDK_DISABLED` says no.
    ///
    /// - Parameter command: what is run: "converge".
    package init?(_ command: String, version: String, _ surroundings: Surroundings) {
        let settings = TelemetrySettings(surroundings.environment)
        guard let endpoint = settings.endpoint else { return nil }
        self.endpoint = endpoint
        headers = settings.headers
        timeout = settings.timeout
        resource = settings.resource.merging(["service.version": .string(version)]) { first, _ in
            first
        }
        self.version = version
        self.surroundings = surroundings
        trace = Mutex(
            Trace(
                command, parent: settings["TRACEPARENT"].flatMap(Trace.Parent.init),
                at: surroundings.time.now(), random: surroundings.random))
    }

    package func emit(_ event: Event) {
        let now = surroundings.time.now()
        trace.withLock { $0.take(event, at: now) }
    }

    /// The run came to no end of its own.
    package func fail(_ message: String) { trace.withLock { $0.fail(message) } }

    /// - Returns: why it could not be sent, which is no reason for a run to fail.
    package func send() async -> String? {
        let message = trace.withLock {
            $0.message(resource, version: version, at: surroundings.time.now())
        }
        let request = HTTPRequest(
            .post, endpoint, headers: [HTTPHeader("Content-Type", "application/json")] + headers,
            body: .text(message.jsonText()), timeout: timeout)
        do {
            try await retrying(
                RetryPolicy(attempts: 3, base: .milliseconds(500), cap: .seconds(2)),
                time: surroundings.time, random: surroundings.random,
                advice: { ($0 as? Refusal)?.isFinal ?? false ? .giveUp : .again }
            ) { _ in
                let answer = try await surroundings.http.send(request)
                guard answer.isSuccess else { throw Refusal(status: answer.status) }
            }
            return nil
        } catch {
            return "the trace could not be sent to \(endpoint): \(error)"
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        let status: Int

        var description: String { "HTTP status \(status)" }
        /// <https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes>
        var isFinal: Bool { ![429, 502, 503, 504].contains(status) }
    }
}

/// What the environment says of telemetry. An empty variable is as good as none.
private struct TelemetrySettings {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    subscript(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A variable for traces alone comes before the one for all signals.
    private func exporter(_ name: String) -> String? {
        self["OTEL_EXPORTER_OTLP_TRACES_\(name)"] ?? self["OTEL_EXPORTER_OTLP_\(name)"]
    }

    var endpoint: String? {
        guard self["OTEL_SDK_DISABLED"]?.lowercased() != "true",
            self["OTEL_TRACES_EXPORTER"] != "none"
        else { return nil }
        if let whole = self["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] { return whole }
        return self["OTEL_EXPORTER_OTLP_ENDPOINT"].map { base in
            (base.hasSuffix("/") ? base : base + "/") + "v1/traces"
        }
    }

    var headers: [HTTPHeader] {
        Self.pairs(exporter("HEADERS")).map { HTTPHeader($0, $1, isSensitive: true) }
    }

    var timeout: Duration {
        .milliseconds(exporter("TIMEOUT").flatMap(Int.init).map { max(1, $0) } ?? 10_000)
    }

    var resource: [String: Value] {
        var resource = Dictionary(
            Self.pairs(self["OTEL_RESOURCE_ATTRIBUTES"]).map { ($0, Value.string($1)) },
            uniquingKeysWith: { $1 })
        let name = self["OTEL_SERVICE_NAME"].map(Value.string)
        resource["service.name"] = name ?? resource["service.name"] ?? "launch"
        return resource
    }

    /// `key=value,key=value`, percent-encoded, as W3C Baggage has it.
    private static func pairs(_ text: String?) -> [(String, String)] {
        (text ?? "").split(separator: ",").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces).percentDecoded
            }
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
    }
}

/// Passes each event on to two.
package struct EventFork: EventSink {
    private let first: any EventSink
    private let second: any EventSink

    package init(_ first: any EventSink, _ second: any EventSink) {
        (self.first, self.second) = (first, second)
    }

    package func emit(_ event: Event) {
        first.emit(event)
        second.emit(event)
    }
}
