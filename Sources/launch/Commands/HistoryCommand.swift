import ArgumentParser
import Assembly
import Foundation
import Reporting
import Resources

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows who changed the state when, what for and how; newest first.",
        discussion: """
            `launch state pull --serial N` shows the state as it was at one of the serials.

            Example: launch history web --limit 5
            """)

    @Argument(help: "Only what changed this service.", completion: .services)
    var service: String?

    @Option(help: "How many generations at most.")
    var limit = 20

    @OptionGroup var global: GlobalOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard limit > 0 else {
            throw ValidationError("--limit must be at least 1, not \(limit).")
        }
    }

    func run() async throws {
        let session = try Session(global)
        let entries = try await session.workspace.store.history(of: service, limit: limit)
        if let service, entries.isEmpty {
            let document = try await session.workspace.store.read()
            _ = try session.services([service], alsoKnown: document.knownServices)
        }
        let history = HistoryReport(entries)
        switch report.format {
        case .text: try report.write(history.text(report.style(global), width: report.width))
        case .json: try report.write(history.json)
        case .markdown: try report.write(history.markdown)
        }
    }
}
