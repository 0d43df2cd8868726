import Reconciling
import Planning
import Assembly
import ArgumentParser
import Foundation
import Reporting

struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Shows where the world is not as Launch left it; writes nothing.",
        discussion: """
            Findings are changed, missing, unmanaged (bears our mark, and is not in the state) \
            or pending (the spec asks for something not converged yet). What launch.yaml lists \
            under `drift.ignore` is told apart, until its day.

            Example: launch drift --format json --detailed-exitcode
            """)

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var report: PageOptions

    @Flag(help: "Exit with 2 when there is drift.")
    var detailedExitcode = false

    func run() async throws {
        let session = try Session(global, parallelism: run.parallelism)
        let goal = session.workspace.goal(try session.services(services))
        let drift = try await withTimeout(run) {
            try await session.workspace.reconciler.drift(goal)
        }
        let drifted = DriftReport(drift)
        switch report.format {
        case .text:
            try report.write(drifted.text(report.style(global)))
        case .json: try report.write(drifted.json)
        case .markdown: try report.write(drifted.markdown)
        case .html: try report.write(drifted.html(at: Date()))
        }
        if detailedExitcode, !drift.findings.isEmpty { throw ExitCode.changesPending }
    }
}
