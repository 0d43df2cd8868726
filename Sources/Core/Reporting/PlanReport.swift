package import Planning
package import Resources

/// A plan for people and for programs.
package struct PlanReport: Sendable {
    private let plan: Plan
    private let requests: [ProviderName: Int]

    /// - Parameter requests: how many requests observing took, by provider.
    package init(_ plan: Plan, requests: [ProviderName: Int]) {
        self.plan = plan
        self.requests = requests
    }

    // MARK: - Text

    package func text(_ style: Style = .plain) -> String {
        let body =
            plan.isEmpty
            ? [noChanges]
            : services.flatMap { lines(for: $0, style) + [""] } + [total]
        return (body + [kept, requestLine].compactMap { $0 }).joined(separator: "\n") + "\n"
    }

    private var noChanges: String {
        "No changes. \(counted(plan.changes.count, "object")) as the specs say."
    }

    /// Services with removals first, as the plan orders its changes.
    private var services: [String] {
        var seen: Set<String> = []
        return (plan.effective.map(\.service) + plan.bootsToFinish.sorted().map(\.service))
            .filter { seen.insert($0).inserted }
    }

    private func lines(for service: String, _ style: Style) -> [String] {
        let changes = plan.effective.filter { $0.service == service }
        let boots = plan.bootsToFinish.filter { $0.service == service }.sorted()
        let width = (changes.map(\.address) + boots).map { kind(of: $0).count }.max() ?? 0
        return [style.bold(service)]
            + changes.flatMap { lines(for: $0, width: width, style) }
            + boots.map {
                "  \(style.yellow("~")) \(kind(of: $0).padded(to: width))  remove the boot seed"
            }
    }

    private func kind(of address: Address) -> String {
        address.key.map { "\(address.kind)/\($0)" } ?? address.kind.description
    }

    private func lines(for change: Change, width: Int, _ style: Style) -> [String] {
        let notes = [change.reason, change.restarts ? "the machine restarts" : nil]
            .compactMap { $0 }.joined(separator: "; ")
        let head =
            "  \(style.mark(change.action)) \(kind(of: change.address).padded(to: width))  \(notes)"
        guard change.action == .create || change.fields.count > 1 else { return [head] }
        let pathWidth = change.fields.map(\.path.count).max() ?? 0
        return [head]
            + change.fields.map { field in
                "      \(field.path.padded(to: pathWidth))  \(values(of: field))"
            }
    }

    private func values(of field: FieldChange) -> String {
        if field.isSecret { return "(secret)" }
        let after = field.after?.inline ?? "–"
        return field.before.map { "\($0.inline) → \(after)" } ?? after
    }

    private var total: String {
        let verbs: [(Change.Action, String)] = [
            (.create, "to create"), (.update, "to update"), (.replace, "to replace"),
            (.delete, "to delete"), (.adopt, "to adopt"), (.forget, "to forget"),
        ]
        let parts = verbs.compactMap { action, verb in
            plan.summary[action].map { "\($0) \(verb)" }
        }
        let unchanged = plan.summary[.noOp, default: 0]
        return "Plan: " + (parts + ["\(unchanged) unchanged"]).joined(separator: ", ") + "."
    }

    private var kept: String? {
        guard !plan.keptForData.isEmpty else { return nil }
        return "Kept, since data is on it: "
            + plan.keptForData.map(\.description).joined(separator: ", ")
            + " (--with-data deletes it)."
    }

    private var requestLine: String { RequestCount(requests).sentence }

    // MARK: - Markdown

    package var markdown: String {
        guard !plan.isEmpty else { return "### Launch plan\n\n\(noChanges)\n" }
        let rows = plan.effective.map {
            "| \($0.action.rawValue) | `\($0.address)` | \($0.reason.replacing("|", with: "\\|")) |"
        }
        return """
            ### Launch plan

            \(total)

            | action | object | why |
            | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            \([kept, requestLine].compactMap { $0 }.joined(separator: "\n"))

            """
    }

    // MARK: - JSON

    package var json: String { jsonDocument(document) }

    package var document: Value {
        [
            "format_version": 1, "project": .string(plan.project),
            "lineage": .string(plan.lineage), "serial": .integer(plan.serial),
            "changes": .list(plan.changes.map(document)),
            "summary": .object(
                Dictionary(
                    uniqueKeysWithValues: Change.Action.allCases.map {
                        (
                            $0.rawValue.replacing("-", with: "_"),
                            .integer(plan.summary[$0, default: 0])
                        )
                    })),
            "requests": RequestCount(requests).document,
        ]
    }

    private func document(_ change: Change) -> Value {
        [
            "address": .string(change.address.description), "service": .string(change.service),
            "action": .string(change.action.rawValue), "reason": .string(change.reason),
            "before": values(change, \.before), "after": values(change, \.after),
            "unknown": .list(change.fields.filter(\.isUnknown).map { .string($0.path) }),
            "replaced_by_change_of": .list(
                change.replacedByChangeOf.map { .string($0.description) }),
        ]
    }

    private func values(_ change: Change, _ side: (FieldChange) -> Value?) -> Value {
        .object(
            change.fields.reduce(into: [:]) { object, field in
                object[field.path] = field.isSecret ? "(secret)" : side(field) ?? .null
            })
    }
}

extension Style {
    /// One character for what happens: `+` create, `~` update, `±` replace, `-` delete.
    func mark(_ action: Change.Action) -> String {
        switch action {
        case .create: green("+")
        case .update: yellow("~")
        case .replace: red("±")
        case .delete: red("-")
        case .adopt: cyan("=")
        case .forget: cyan("×")
        case .noOp: " "
        }
    }
}

/// How many requests something took.
struct RequestCount {
    private let byProvider: [ProviderName: Int]

    init(_ byProvider: [ProviderName: Int]) { self.byProvider = byProvider }

    private var total: Int { byProvider.values.reduce(0, +) }

    var sentence: String {
        let parts = byProvider.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        let detail = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
        return "\(counted(total, "request"))\(detail)."
    }

    var document: Value {
        [
            "count": .integer(total),
            "by_provider": .object(
                Dictionary(
                    uniqueKeysWithValues: byProvider.map { ($0.key.rawValue, .integer($0.value)) })),
        ]
    }
}
