import Planning
package import Reconciling
package import Resources

/// A run's events as lines: plain ones for people, or one JSON object each.
package struct EventReport: Sendable {
    private let style: Style

    package init(style: Style = .plain) { self.style = style }

    /// The line for a person; `nil` for an event that has none.
    package func line(_ event: Event) -> String? {
        switch event {
        case .planReady: nil
        case .started(let step, let action): "\(step.address): \(verb(step, action))…"
        case .progress(let address, let message): "\(address): \(message)"
        case .done(let step, let action, let duration):
            style.green("\(step.address): \(verb(step, action)) done")
                + " (\(duration.formattedShort))"
        case .failed(_, let failure):
            style.red("\(failure.address): \(failure.message)") + "\n  → \(failure.remedy)"
        case .stage(let service, let stage): "\(service): \(stage)"
        case .summary(let report): summary(report)
        }
    }

    package func summary(_ report: RunReport) -> String {
        let verbs: [(Change.Action, String)] = [
            (.create, "created"), (.update, "updated"), (.replace, "replaced"),
            (.delete, "deleted"), (.adopt, "adopted"), (.forget, "forgotten"),
        ]
        let parts = verbs.compactMap { action, verb in
            report.summary[action].map { "\($0) \(verb)" }
        }
        let done = parts.isEmpty ? "Nothing to do" : parts.joined(separator: ", ")
        let left = [
            report.failures.isEmpty ? nil : "\(report.failures.count) failed",
            report.skipped.isEmpty ? nil : "\(counted(report.skipped.count, "step")) not begun",
            report.wasInterrupted ? "interrupted" : nil,
        ].compactMap { $0 }
        return ([done] + left).joined(separator: ", ") + " in \(report.duration.formattedShort)."
    }

    /// One line of `converge --format json`.
    package func json(_ event: Event, requests: [ProviderName: Int] = [:]) -> String {
        jsonLine(document(event, requests))
    }

    private func document(_ event: Event, _ requests: [ProviderName: Int]) -> Value {
        switch event {
        case .planReady(let plan):
            ["type": "plan_ready", "plan": PlanReport(plan, requests: requests).document]
        case .started(let step, let action): resource("resource_started", step, action)
        case .progress(let address, let message):
            [
                "type": "resource_progress", "address": .string(address.description),
                "message": .string(message),
            ]
        case .done(let step, let action, let duration):
            resource(
                "resource_done", step, action,
                ["seconds": .number(Double(duration.components.seconds))])
        case .failed(let step, let failure):
            resource(
                "resource_failed", step, nil,
                ["message": .string(failure.message), "remedy": .string(failure.remedy)])
        case .stage(let service, let stage):
            ["type": "service_stage", "service": .string(service), "stage": .string(stage)]
        case .summary(let report):
            [
                "type": "summary", "done": .integer(report.done.count),
                "failed": .integer(report.failures.count),
                "skipped": .integer(report.skipped.count),
                "interrupted": .boolean(report.wasInterrupted),
                "seconds": .number(Double(report.duration.components.seconds)),
            ]
        }
    }

    private func resource(
        _ type: String, _ step: Step, _ action: Change.Action?, _ more: [String: Value] = [:]
    ) -> Value {
        var members: [String: Value] = [
            "type": .string(type), "address": .string(step.address.description),
        ]
        if let action { members["action"] = .string(self.action(step, action)) }
        return .object(members.merging(more) { first, _ in first })
    }

    private func action(_ step: Step, _ action: Change.Action) -> String {
        switch step.phase {
        case .delete: "delete"
        case .finishBoot: "update"
        case .apply: action == .replace ? "create" : action.rawValue
        }
    }

    private func verb(_ step: Step, _ action: Change.Action) -> String {
        step.phase == .finishBoot ? "remove the boot seed" : self.action(step, action)
    }
}

extension Duration {
    /// "3.2s", "4m 10s".
    package var formattedShort: String {
        let seconds = components.seconds
        if seconds >= 60 { return "\(seconds / 60)m \(seconds % 60)s" }
        let tenths = components.attoseconds / 100_000_000_000_000_000
        return "\(seconds).\(tenths)s"
    }
}
