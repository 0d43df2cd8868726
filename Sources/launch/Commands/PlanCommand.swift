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
        discussion: """
            With --format github it prints remarks on the lines of the specs that the changes come \
            from, as GitHub shows them in a pull request: ten warnings and ten notices at most.

            Example: launch plan web --format markdown
            Example: launch plan --format github --report plan.md --report plan.html
            """)

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions

    @Option(help: "Replace this service's machine if a newer image is published; repeatable.")
    var upgradeImage: [String] = []

    @Option(help: "How the plan is written: text, json, markdown, html or github.")
    var format = PlanFormat.text

    @OptionGroup var reports: ReportFiles

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
        let now = Date()
        switch format {
        case .text: try Terminal.print(global) { report.text($0, width: $1) }
        case .json: try Terminal.print(report.json)
        case .markdown: try Terminal.print(report.markdown)
        case .html: try Terminal.print(report.html(at: now))
        case .github: try Terminal.print(report.annotations)
        }
        try reports.write { form in
            switch form {
            case .text: report.text()
            case .json: report.json
            case .markdown: report.markdown
            case .html: report.html(at: now)
            }
        }
        if let out {
            try writeFile(SavedPlan(plan, for: goal).json, to: out)
        }
        if detailedExitcode, !plan.isEmpty { throw ExitCode.changesPending }
    }
}

enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown, html, github
}
