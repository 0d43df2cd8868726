import ArgumentParser
import Assembly
import Foundation
import Reporting
import Resources
import ServiceFiles
import Services

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks specs, state store, credentials, permissions and the clock.",
        discussion: """
            Changes nothing. Exits with 1 when something is found that would stop a converge.

            Example: launch doctor
            Example: launch doctor --aws-policy > policy.json
            """)

    @Flag(
        name: .customLong("aws-policy"),
        help: "Print the least-privilege IAM policy for what the specs want, and ask nobody.")
    var printsPolicy = false

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let session = try Session(global, parallelism: run.parallelism)
        if printsPolicy {
            try report.write(session.workspace.awsPolicy.jsonText(pretty: true) + "\n")
            return
        }
        let specs = Finding.good(
            "specs", "\(counted(session.repository.services.count, "service")) valid")
        let findings = try await withTimeout(run) { await session.workspace.examine() }
        let doctor = DoctorReport([specs] + findings, project: session.repository.project.project)
        switch report.format {
        case .text: try report.write(doctor.text(report.style(global)))
        case .json: try report.write(doctor.json)
        case .markdown: try report.write(doctor.markdown)
        }
        if !doctor.isHealthy { throw ExitCode.failure }
    }
}
