package import Planning
import Resources

/// What a drift check found, for people and for programs.
package struct DriftReport: Sendable {
    private let drift: Drift

    package init(_ drift: Drift) { self.drift = drift }

    package func text(_ style: Style = .plain) -> String {
        guard !drift.findings.isEmpty else { return "No drift.\n" }
        return (drift.findings.flatMap { lines(for: $0, style) } + ["", total, ""])
            .joined(separator: "\n")
    }

    private func lines(for finding: DriftFinding, _ style: Style) -> [String] {
        let kind = finding.kind.rawValue.padded(to: 9)
        let head = "\(style.tinted(kind, finding.kind))  \(finding.address)"
        let width = finding.fields.map(\.path.count).max() ?? 0
        return [head]
            + finding.fields.map { field in
                let (left, right) = words(for: finding.kind)
                return "           \(field.path.padded(to: width))  "
                    + "\(left) \(field.recorded?.inline ?? "–"), "
                    + "\(right) \(field.actual?.inline ?? "–")"
            }
    }

    private func words(for kind: DriftFinding.Kind) -> (String, String) {
        kind == .pending ? ("now", "spec") : ("recorded", "actual")
    }

    private var total: String {
        let parts = DriftFinding.Kind.allCases.compactMap { kind in
            drift.summary[kind].map { "\($0) \(kind.rawValue)" }
        }
        return
            "Drift: \(parts.joined(separator: ", ")). `launch converge` makes it as the specs say."
    }

    package var markdown: String {
        guard !drift.findings.isEmpty else { return "### Launch drift\n\nNo drift.\n" }
        let rows = drift.findings.map { finding in
            let fields = finding.fields.map {
                "\($0.path): \($0.recorded?.inline ?? "–") → \($0.actual?.inline ?? "–")"
            }.joined(separator: "<br>").replacing("|", with: "\\|")
            return "| \(finding.kind.rawValue) | `\(finding.address)` | \(fields) |"
        }
        return """
            ### Launch drift

            \(total)

            | kind | object | fields |
            | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            """
    }

    package var json: String { jsonDocument(document) }

    private var document: Value {
        [
            "format_version": 1, "project": .string(drift.project),
            "findings": .list(drift.findings.map(document)),
            "summary": .object(
                Dictionary(
                    uniqueKeysWithValues: DriftFinding.Kind.allCases.map {
                        ($0.rawValue, .integer(drift.summary[$0, default: 0]))
                    })),
        ]
    }

    private func document(_ finding: DriftFinding) -> Value {
        [
            "address": .string(finding.address.description),
            "service": .string(finding.address.service),
            "kind": .string(finding.kind.rawValue),
            "fields": .list(
                finding.fields.map {
                    [
                        "path": .string($0.path), "recorded": $0.recorded ?? .null,
                        "actual": $0.actual ?? .null,
                    ]
                }),
            "changed_by": .null, "changed_at": .null,
        ]
    }
}

extension Style {
    fileprivate func tinted(_ text: String, _ kind: DriftFinding.Kind) -> String {
        switch kind {
        case .changed, .pending: yellow(text)
        case .missing: red(text)
        case .unmanaged: cyan(text)
        }
    }
}
