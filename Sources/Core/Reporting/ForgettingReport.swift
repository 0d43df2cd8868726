package import Planning
import Resources

/// What becomes of services that are let go, for people and for programs.
package struct ForgettingReport: Sendable {
    private let forgetting: Forgetting

    package init(_ forgetting: Forgetting) { self.forgetting = forgetting }

    package func text(_ style: Style = .plain) -> String {
        guard !forgetting.entries.isEmpty else {
            return "Nothing of it is there, and nothing is recorded.\n"
        }
        let rows =
            [["FATE", "OBJECT", "ID"]]
            + forgetting.entries.map { [$0.fate.rawValue, $0.address.description, $0.id] }
        return ([table(rows, style), "", total] + notes).joined(separator: "\n") + "\n"
    }

    private func table(_ rows: [[String]], _ style: Style) -> String {
        let widths = [0, 1].map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { cells in
            "\(cells[0].padded(to: widths[0]))  \(cells[1].padded(to: widths[1]))  \(cells[2])"
        }
        return ([style.bold(lines[0])] + lines.dropFirst()).joined(separator: "\n")
    }

    private var total: String {
        let parts = Forgetting.Fate.allCases.compactMap { fate in
            forgetting.summary[fate].map { "\($0) \(fate.rawValue)" }
        }
        return "Let go: \(parts.joined(separator: ", ")). Nothing is deleted."
    }

    private var notes: [String] {
        guard forgetting.summary[.named] != nil else { return [] }
        return [
            "What is named stays the project's by its name: a later converge takes it up again while",
            "a spec wants it, and deletes it when none does.",
        ]
    }

    /// One document as `schemas/forget.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "project": .string(forgetting.project),
            "objects": .list(
                forgetting.entries.map { entry in
                    [
                        "address": .string(entry.address.description),
                        "service": .string(entry.address.service), "id": .string(entry.id),
                        "fate": .string(entry.fate.rawValue),
                    ]
                }),
            "summary": Value(counts: forgetting.summary),
        ]
        return document.document
    }
}
