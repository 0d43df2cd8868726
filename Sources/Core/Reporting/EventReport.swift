import Planning
package import Reconciling
package import Resources

/// A run's events as lines: plain ones for people, or one JSON object each.
package struct EventReport: Sendable {
    private let style: Style

    package init(style: Style = .plain) { self.style = style }

    // MARK: - Text

    /// The line for a person; `nil` for an event that has none.
    ///
    /// - Parameter requests: made so far, by provider.
    package func line(_ event: Event, requests: [ProviderName: Int] = [:]) -> String? {
        switch event {
        case .planReady: nil
        case .started(let step, let action): "\(step.address): \(present(step, action))…"
        case .progress(let address, let message): "\(address): \(message.onOneLine)"
        case .done(let step, let action, let duration):
            style.green("\(step.address): \(past(step, action))") + " in \(duration.formattedShort)"
        case .failed(_, let failure): lines(for: failure)
        case .stage(let service, let stage): "\(service): \(stage)"
        case .stageFailed(let service, let failure): lines(of: service, failure)
        case .summary(let report):
            summary(report) + (requests.isEmpty ? "" : " \(RequestCount(requests).sentence)")
        }
    }

    private func lines(for failure: RunFailure) -> String {
        let words = failure.message.split(whereSeparator: \.isNewline)
            .map { String($0).onOneLine }.joined(separator: "\n    ")
        return style.red("\(failure.address): \(words)") + "\n  → \(failure.remedy.onOneLine)"
    }

    private func lines(of service: String, _ failure: StageFailure) -> String {
        let log = failure.log.map { "\n    | \($0.onOneLine)" }.joined()
        return style.red("\(service): \(failure.message.onOneLine)") + log
            + "\n  → \(failure.remedy.onOneLine)"
    }

    private func present(_ step: Step, _ action: Change.Action) -> String {
        step.phase == .finishBoot
            ? "removing what it booted from" : action.word(in: step.phase).present
    }

    private func past(_ step: Step, _ action: Change.Action) -> String {
        step.phase == .finishBoot
            ? "what it booted from is removed" : action.word(in: step.phase).past
    }

    package func summary(_ report: RunReport) -> String {
        let actions = Change.Action.counted.compactMap { action in
            report.summary[action].map { "\($0) \(action.past)" }
        }
        let boots = report.done.count { $0.phase == .finishBoot }
        let done = actions + (boots > 0 ? ["\(counted(boots, "boot")) finished"] : [])
        let left = [
            report.failures.isEmpty ? nil : "\(report.failures.count) failed",
            report.skipped.isEmpty ? nil : "\(counted(report.skipped.count, "step")) not begun",
            report.wasInterrupted ? "interrupted" : nil,
        ].compactMap { $0 }
        let nothing = left.isEmpty ? "Nothing to do" : "Nothing done"
        return ((done.isEmpty ? [nothing] : done) + left).joined(separator: ", ")
            + " in \(report.duration.formattedShort)."
    }

    // MARK: - JSON

    /// One line of `converge --format json`, as `schemas/events.schema.json` describes it.
    package func json(_ event: Event, requests: [ProviderName: Int] = [:]) -> String {
        var members = members(of: event, requests)
        members["format_version"] = reportFormat
        return Value.object(members).jsonText() + "\n"
    }

    /// The last line of a run that came to no end of its own: it was refused, or broke off.
    package func json(
        _ report: RunReport, endedBy message: String, remedy: String?,
        requests: [ProviderName: Int] = [:]
    ) -> String {
        var members = members(of: .summary(report), requests)
        members["format_version"] = reportFormat
        members["error"] = [
            "message": .string(message), "remedy": remedy.map(Value.string) ?? .null,
        ]
        return Value.object(members).jsonText() + "\n"
    }

    private func members(
        of event: Event, _ requests: [ProviderName: Int]
    ) -> [String: Value] {
        switch event {
        case .planReady(let plan):
            ["type": "plan_ready", "plan": PlanReport(plan, requests: requests).document]
        case .started(let step, let action): members("resource_started", step, action)
        case .progress(let address, let message):
            members("resource_progress", address, ["message": .string(message)])
        case .done(let step, let action, let duration):
            members("resource_done", step, action)
                .merging(["seconds": Value(duration)]) { first, _ in first }
        case .failed(let step, let failure):
            members(
                "resource_failed", step.address,
                ["message": .string(failure.message), "remedy": .string(failure.remedy)])
        case .stage(let service, let stage):
            ["type": "service_stage", "service": .string(service), "stage": .string(stage)]
        case .stageFailed(let service, let failure):
            [
                "type": "service_stage", "service": .string(service),
                "stage": .string(failure.stage.rawValue), "failure": failure.document,
            ]
        case .summary(let report):
            [
                "type": "summary", "done": .integer(report.done.count),
                "failed": .integer(report.failures.count),
                "skipped": .integer(report.skipped.count),
                "interrupted": .boolean(report.wasInterrupted),
                "seconds": Value(report.duration), "changes": Value(counts: report.summary),
                "requests": RequestCount(requests).document,
            ]
        }
    }

    private func members(
        _ type: String, _ step: Step, _ action: Change.Action
    ) -> [String: Value] {
        members(
            type, step.address,
            [
                "action": .string(action.word(in: step.phase).rawValue),
                "finishes_boot": .boolean(step.phase == .finishBoot),
            ])
    }

    private func members(
        _ type: String, _ address: Address, _ more: [String: Value]
    ) -> [String: Value] {
        [
            "type": .string(type), "address": .string(address.description),
            "service": .string(address.service),
        ].merging(more) { first, _ in first }
    }
}

extension StageFailure {
    /// As reports show it.
    var document: Value {
        [
            "stage": .string(stage.rawValue), "message": .string(message),
            "remedy": .string(remedy), "log": .list(log.map(Value.string)),
        ]
    }
}

extension Duration {
    /// "3.2s", "4m 10s", "2h 5m".
    package var formattedShort: String {
        let seconds = components.seconds
        if seconds >= 3600 { return "\(seconds / 3600)h \(seconds % 3600 / 60)m" }
        if seconds >= 60 { return "\(seconds / 60)m \(seconds % 60)s" }
        let tenths = components.attoseconds / 100_000_000_000_000_000
        return "\(seconds).\(tenths)s"
    }
}
