import Foundation
package import Resources

/// The generations of the state: when, who, what for and what changed.
package struct HistoryReport: Sendable {
    private let entries: [HistoryEntry]

    /// - Parameter entries: newest first.
    package init(_ entries: [HistoryEntry]) { self.entries = entries }

    private static let nothing = "No history."
    private static let columns = ["SERIAL", "WHEN", "WHO", "FOR", "CHANGES"]

    private func cells(_ entry: HistoryEntry) -> [String] {
        [String(entry.serial), entry.at.formatted(.iso8601), entry.who.name, entry.purpose]
    }

    /// - Parameter width: of the terminal, in columns. A wider table gives way to a list.
    package func text(_ style: Style = .plain, width: Int = .max) -> String {
        guard !entries.isEmpty else { return Self.nothing + "\n" }
        let rows = [Self.columns] + entries.flatMap(rows)
        let widths = Self.columns.indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        let lines = rows.map { cells in
            zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ").trimmedAtEnd
        }
        guard lines.allSatisfy({ $0.count <= width }) else { return list(style) }
        return ([style.bold(lines[0])] + lines.dropFirst()).joined(separator: "\n") + "\n"
    }

    /// A line for each change; what they have in common stands in the first.
    private func rows(_ entry: HistoryEntry) -> [[String]] {
        let common = cells(entry)
        return entry.changes.enumerated().map { index, change in
            (index == 0 ? common : common.map { _ in "" }) + [change]
        }
    }

    /// Each generation's cells and changes below its serial.
    private func list(_ style: Style) -> String {
        entries.map { entry in
            let head = zip(Self.columns, cells(entry)).dropFirst().map {
                "  \($0.lowercased().padded(to: 4))  \($1)"
            }
            let lines = [style.bold("\(entry.serial)")] + head + entry.changes.map { "  - \($0)" }
            return lines.joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    package var markdown: String {
        guard !entries.isEmpty else {
            return MarkdownPage(title: "Launch history", lead: Self.nothing).text
        }
        return MarkdownPage(
            title: "Launch history", lead: "\(counted(entries.count, "generation")).",
            columns: Self.columns.map { $0.lowercased() },
            rows: entries.map { entry in
                cells(entry).map(\.markdown)
                    + [entry.changes.map(\.markdown).joined(separator: "<br>")]
            },
            noun: "generation"
        ).text
    }

    /// One document as `schemas/history.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat,
            "generations": .list(
                entries.map { entry in
                    [
                        "serial": .integer(entry.serial), "at": Value(entry.at),
                        "who": entry.who.document,
                        "purpose": .string(entry.purpose),
                        "changes": .list(entry.changes.map(Value.string)),
                    ]
                }),
        ]
        return document.document
    }
}

extension LeaseHolder {
    /// The CI run's page, which says more than the machine that it ran on.
    var name: String { runURL ?? "\(user)@\(host)" }

    /// As reports show it.
    var document: Value {
        [
            "user": .string(user), "host": .string(host), "pid": .integer(pid),
            "run_url": Value(runURL), "commit": Value(commit),
        ]
    }
}
