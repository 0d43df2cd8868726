package import Resources

/// What an examination found, for people and for programs.
package struct DoctorReport: Sendable {
    private let project: String
    private let findings: [Finding]

    package init(_ findings: [Finding], project: String) {
        self.project = project
        self.findings = findings
    }

    /// True when nothing would stop a converge.
    package var isHealthy: Bool { count(.bad) == 0 }

    private func count(_ grade: Finding.Grade) -> Int { findings.count { $0.grade == grade } }

    package func text(_ style: Style = .plain) -> String {
        let width = findings.map(\.subject.count).max() ?? 0
        let lines = findings.flatMap { finding in
            let head = "\(style.mark(finding.grade)) \(finding.subject.padded(to: width))"
            let margin = String(repeating: " ", count: width + 4)
            return ["\(head)  \(finding.detail)"]
                + (finding.remedy.map { ["\(margin)→ \($0)"] } ?? [])
        }
        return (lines + ["", total, ""]).joined(separator: "\n")
    }

    private var total: String {
        "\(count(.good)) good, \(counted(count(.warning), "warning")), \(count(.bad)) bad."
    }

    package var markdown: String {
        let rows = findings.map { finding in
            let cells = [finding.detail, finding.remedy ?? ""].map {
                $0.replacing("|", with: "\\|")
            }
            return "| \(finding.grade.mark) | \(finding.subject) | \(cells[0]) | \(cells[1]) |"
        }
        return """
            ### Launch doctor

            \(total)

            | | subject | finding | remedy |
            | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            """
    }

    /// One document as `schemas/doctor.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "project": .string(project),
            "findings": .list(
                findings.map {
                    [
                        "subject": .string($0.subject), "grade": .string($0.grade.rawValue),
                        "detail": .string($0.detail), "remedy": Value($0.remedy),
                    ]
                }),
            "summary": Value(
                counts: Dictionary(grouping: findings, by: \.grade).mapValues(\.count)),
        ]
        return document.document
    }
}

extension Finding.Grade {
    fileprivate var mark: String {
        switch self {
        case .good: "✓"
        case .warning: "!"
        case .bad: "✗"
        }
    }
}

extension Style {
    fileprivate func mark(_ grade: Finding.Grade) -> String {
        switch grade {
        case .good: green(grade.mark)
        case .warning: yellow(grade.mark)
        case .bad: red(grade.mark)
        }
    }
}
