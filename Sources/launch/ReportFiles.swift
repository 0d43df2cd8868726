import ArgumentParser
import Foundation

/// Files that a report is written to as well: several forms of one look at the world.
struct ReportFiles: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also write the report to this file, in the form of its ending: .txt, .json, .md or "
                + ".html; repeatable.",
            valueName: "file"),
        completion: .file())
    var report: [String] = []

    private static let forms: [String: PageFormat] = [
        "txt": .text, "json": .json, "md": .markdown, "html": .html,
    ]

    var isEmpty: Bool { report.isEmpty }

    func validate() throws {
        for path in report where form(of: path) == nil {
            throw ValidationError(
                "--report \(path) ends in none of .txt, .json, .md and .html, which say its form.")
        }
    }

    /// - Throws: `CommandFailure` that names the file.
    func write(_ text: (PageFormat) -> String) throws {
        for path in report {
            guard let form = form(of: path) else { continue }
            try writeFile(text(form), to: path)
        }
    }

    private func form(of path: String) -> PageFormat? {
        Self.forms[URL(fileURLWithPath: path).pathExtension.lowercased()]
    }
}
