import Foundation
package import Planning
package import Resources

/// What a rebuilt state records, for people and for programs.
package struct RebuildReport: Sendable {
    private let rebuild: StateRebuild
    private let notLookedAt: [ProviderName]

    /// - Parameter notLookedAt: providers without credentials, that no spec needs.
    package init(_ rebuild: StateRebuild, notLookedAt: [ProviderName]) {
        self.rebuild = rebuild
        self.notLookedAt = notLookedAt
    }

    package func text(_ style: Style = .plain) -> String {
        let rows = [["RECORD", "OBJECT", "ID"]] + rebuild.entries.map(cells)
        let widths = [0, 1].map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { cells in
            "\(cells[0].padded(to: widths[0]))  \(cells[1].padded(to: widths[1]))  \(cells[2])"
        }
        let table =
            rebuild.entries.isEmpty ? [] : [style.bold(lines[0])] + lines.dropFirst() + [""]
        return (table + [total] + blindSpots).joined(separator: "\n") + "\n"
    }

    private func cells(_ entry: StateRebuild.Entry) -> [String] {
        [entry.fate.rawValue, entry.address.description, entry.id]
    }

    private var total: String {
        let parts = StateRebuild.Fate.allCases.compactMap { fate in
            rebuild.summary[fate].map { "\($0) \(fate.rawValue)" }
        }
        return parts.isEmpty
            ? "Nothing bears the mark of \(rebuild.project)."
            : "State: \(parts.joined(separator: ", "))."
    }

    private var blindSpots: [String] {
        guard !notLookedAt.isEmpty else { return [] }
        let names = notLookedAt.map(\.rawValue).joined(separator: ", ")
        return ["Not looked at, for want of credentials: \(names)."]
    }

    /// One document.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "project": .string(rebuild.project),
            "objects": .list(
                rebuild.entries.map { entry in
                    [
                        "address": .string(entry.address.description),
                        "service": .string(entry.address.service), "id": .string(entry.id),
                        "fate": .string(entry.fate.rawValue),
                    ]
                }),
            "summary": Value(counts: rebuild.summary),
            "not_looked_at": .list(notLookedAt.map { .string($0.rawValue) }),
        ]
        return document.document
    }
}
