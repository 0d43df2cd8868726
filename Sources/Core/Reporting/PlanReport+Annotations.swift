import Planning
import Resources

extension PlanReport {
    /// Remarks on the lines of the specs, one a line, for the log of a GitHub workflow.
    ///
    /// What removes an object is a warning, the rest a notice. Where GitHub would drop some, the
    /// most serious stay, and the last one counts the rest.
    package var annotations: String {
        let changes = plan.effective.filter { $0.action != .create && $0.action != .delete }
        let inOrder = changes.filter(\.restarts) + changes.filter { !$0.restarts }
        let all =
            together(.delete, .warning) + inOrder.flatMap(annotations) + together(.create, .notice)
        let levels: [Annotation.Level] = [.warning, .notice]
        return levels.flatMap { level in
            Self.fitting(all.filter { $0.level == level }, level)
        }.map { $0.command + "\n" }.joined()
    }

    private static func fitting(
        _ annotations: [Annotation], _ level: Annotation.Level
    ) -> [Annotation] {
        guard annotations.count > Annotation.limit else { return annotations }
        let shown = annotations.prefix(Annotation.limit - 1)
        let rest = annotations.count - shown.count
        return shown + [
            Annotation(
                level: level, title: "The plan says more",
                message: "… and \(rest) more \(level.rawValue)s; the whole plan has everything.")
        ]
    }

    /// One for each line that the change comes from. What comes from no line stands at the spec's
    /// beginning.
    private func annotations(_ change: Change) -> [Annotation] {
        let fields = Dictionary(grouping: change.fields) {
            change.desired?.origins[$0.path]?.place
        }
        let places = fields.isEmpty ? [nil] : Array(fields.keys)
        return places.sorted { ($0?.line ?? 0) < ($1?.line ?? 0) }.map { place in
            let isAll = fields.count < 2
            let reason =
                isAll ? change.reason : (fields[place] ?? []).map(\.summary).joined(separator: ", ")
            return annotation(
                change.removesObject ? .warning : .notice,
                "\(change.address): \(change.action.rawValue)",
                [reason, change.effect].compactMap(\.self).joined(separator: "; "),
                in: change.desired?.file, at: place)
        }
    }

    /// One for each service: its objects mostly come and go for the same reason.
    private func together(_ action: Change.Action, _ level: Annotation.Level) -> [Annotation] {
        services.compactMap { part in
            let changes = part.changes.filter { $0.action == action }
            guard let first = changes.first else { return nil }
            return annotation(
                level, "\(part.service): \(changes.count) to \(action.rawValue)",
                changes.map { "\($0.address.withinService): \($0.reason)" }
                    .joined(separator: ", "), in: first.desired?.file)
        }
    }

    private func annotation(
        _ level: Annotation.Level, _ title: String, _ message: String, in file: String?,
        at place: Origin.Place? = nil
    ) -> Annotation {
        Annotation(
            level: level, title: title.onOneLine, message: message.onOneLine,
            file: place?.file ?? file, line: file == nil ? nil : place?.line ?? 1,
            column: place?.column)
    }
}
