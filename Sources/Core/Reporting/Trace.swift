package import Foundation
import Planning
package import Reconciling
package import Resources

/// A run as an OpenTelemetry trace: the run is the root, each step a span below it, stages that
/// services reach are events of the root.
///
/// Form: OTLP's JSON encoding, <https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>.
package struct Trace: Sendable {
    /// Where the run stands in another's trace: `TRACEPARENT`,
    /// <https://opentelemetry.io/docs/specs/otel/context/env-carriers/>.
    package struct Parent: Hashable, Sendable {
        let traceID: String
        let spanID: String

        /// `nil` when it is not as <https://www.w3.org/TR/trace-context/#traceparent-header> says.
        package init?(_ traceparent: String) {
            let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count >= 4, parts[0] != "ff",
                zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.count == $1 && $0.allSatisfy(\.isHex) }),
                parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
            else { return nil }
            (traceID, spanID) = (String(parts[1]), String(parts[2]))
        }
    }

    private struct Span {
        let id: String
        let name: String
        let start: Date
        var end: Date?
        var attributes: [String: Value] = [:]
        var events: [Value] = []
        var failure: String?
    }

    private let parent: Parent?
    private let traceID: String
    private var root: Span
    private var running: [Step: Span] = [:]
    private var ended: [Span] = []
    private let random: any RandomSource

    /// - Parameters:
    ///   - command: what is run: "converge".
    ///   - parent: `nil` begins a trace of its own.
    package init(
        _ command: String, parent: Parent?, at start: Date, random: any RandomSource
    ) {
        self.parent = parent
        self.random = random
        traceID = parent?.traceID ?? random.hexadecimal(32)
        root = Span(id: random.hexadecimal(16), name: "launch \(command)", start: start)
    }

    package mutating func take(_ event: Event, at now: Date) {
        switch event {
        case .planReady(let plan):
            root.attributes["launch.project"] = .string(plan.project)
            root.attributes["launch.state.serial"] = .integer(plan.serial)
        case .started(let step, let action):
            running[step] = span(of: step, action.word(in: step.phase), at: now)
        case .progress: break
        case .done(let step, _, _): finish(step, nil, at: now)
        case .failed(let step, let failure): finish(step, failure.message, at: now)
        case .stage(let service, let stage): note(stage, service, at: now)
        case .stageFailed(let service, let failure):
            note(
                failure.stage.rawValue, service, at: now,
                ["exception.message": .string(failure.message)])
            root.failure = root.failure ?? "\(service): \(failure.message)"
        case .summary(let report):
            for (action, count) in report.summary {
                root.attributes["launch.changes.\(action.rawValue)"] = .integer(count)
            }
            if let first = report.failures.first {
                root.failure = "\(first.address): \(first.message)"
            }
            root.attributes["launch.interrupted"] = .boolean(report.wasInterrupted)
        }
    }

    /// The run was refused, or broke off.
    package mutating func fail(_ message: String) { root.failure = root.failure ?? message }

    private func span(of step: Step, _ action: Change.Action, at now: Date) -> Span {
        var span = Span(
            id: random.hexadecimal(16), name: "\(action.rawValue) \(step.address.kind)", start: now)
        span.attributes = [
            "launch.address": .string(step.address.description),
            "launch.service": .string(step.address.service),
            "launch.action": .string(action.rawValue),
            "launch.finishes_boot": .boolean(step.phase == .finishBoot),
        ]
        return span
    }

    private mutating func finish(_ step: Step, _ failure: String?, at now: Date) {
        guard var span = running.removeValue(forKey: step) else { return }
        span.end = now
        span.failure = failure
        ended.append(span)
    }

    private mutating func note(
        _ stage: String, _ service: String, at now: Date, _ more: [String: Value] = [:]
    ) {
        let attributes = more.merging(["launch.service": .string(service)]) { $1 }
        root.events.append([
            "timeUnixNano": now.nanoseconds, "name": .string(stage),
            "attributes": .attributes(attributes),
        ])
    }

    // MARK: - The message

    /// An `ExportTraceServiceRequest`.
    ///
    /// - Parameter resource: what the spans are of: `service.name` and the like.
    package func message(_ resource: [String: Value], version: String, at end: Date) -> Value {
        var root = root
        root.end = end
        let cutShort = running.values.sorted { $0.start < $1.start }
        let spans =
            [document(root, parent: parent?.spanID)]
            + (ended + cutShort).map { document($0, parent: root.id, orEnd: end) }
        return [
            "resourceSpans": [
                [
                    "resource": ["attributes": .attributes(resource)],
                    "scopeSpans": [
                        [
                            "scope": ["name": "launch", "version": .string(version)],
                            "spans": .list(spans),
                        ]
                    ],
                ]
            ]
        ]
    }

    private func document(_ span: Span, parent: String?, orEnd end: Date? = nil) -> Value {
        var members: [String: Value] = [
            "traceId": .string(traceID), "spanId": .string(span.id), "name": .string(span.name),
            "kind": 1, "startTimeUnixNano": span.start.nanoseconds,
            "endTimeUnixNano": (span.end ?? end ?? span.start).nanoseconds,
            "attributes": .attributes(span.attributes),
        ]
        members["parentSpanId"] = parent.map(Value.string)
        if !span.events.isEmpty { members["events"] = .list(span.events) }
        // STATUS_CODE_ERROR
        if let failure = span.failure {
            members["status"] = ["code": 2, "message": .string(failure.onOneLine)]
        }
        return .object(members)
    }
}

extension Character {
    fileprivate var isHex: Bool { isHexDigit && !isUppercase && isASCII }
}

extension Date {
    /// Since 1970: a `fixed64`, which is a string in JSON.
    fileprivate var nanoseconds: Value {
        .string("\(Int64((timeIntervalSince1970 * 1_000_000).rounded()) * 1000)")
    }
}

extension Value {
    /// A list of `KeyValue`, in order of names.
    fileprivate static func attributes(_ attributes: [String: Value]) -> Value {
        .list(
            attributes.sorted { $0.key < $1.key }.map { name, value in
                let any: Value =
                    switch value {
                    case .boolean: ["boolValue": value]
                    case .integer(let number): ["intValue": .string("\(number)")]
                    default: ["stringValue": .string(value.plainText)]
                    }
                return ["key": .string(name), "value": any]
            })
    }
}
