import Reconciling
import Assembly
import ArgumentParser
import Foundation
import Planning
import Reporting

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what converge would do; writes nothing.",
        discussion: "Example: launch plan web --format markdown")

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions

    @Option(help: "Replace this service's machine if a newer image is published; repeatable.")
    var upgradeImage: [String] = []

    @Option(help: "How the plan is written: text, json or markdown.")
    var format = ReportFormat.text

    @Option(help: "Save the plan to this file, for `converge --plan`.")
    var out: String?

    @Flag(help: "Exit with 2 when changes are pending.")
    var detailedExitcode = false

    func run() async throws {
        let session = try Session(global, parallelism: run.parallelism)
        let goal = session.workspace.goal(
            try session.services(services), upgrading: try session.services(upgradeImage) ?? [])
        let plan = try await withTimeout(run) { try await session.workspace.reconciler.plan(goal) }
        let report = PlanReport(plan, requests: session.requests)
        switch format {
        case .text:
            try Terminal.print(
                report.text(
                    Terminal.style(global, for: STDOUT_FILENO),
                    width: Terminal.width(of: STDOUT_FILENO)))
        case .json: try Terminal.print(report.json)
        case .markdown: try Terminal.print(report.markdown)
        }
        if let out {
            try writeFile(SavedPlan(plan, for: goal).json, to: out)
        }
        if detailedExitcode, !plan.isEmpty { throw ExitCode.changesPending }
    }
}
