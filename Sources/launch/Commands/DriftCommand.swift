import ArgumentParser
import Assembly
import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import ServiceFiles

struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Shows where the world is not as Launch left it.",
        discussion: """
            Findings are changed, missing, unmanaged (bears our mark, and is not in the state) \
            or pending (the spec asks for something not converged yet). What launch.yaml lists \
            under `drift.ignore` is told apart, until its day.

            Nothing is written, but with --accept: then each service.yaml is edited in place, \
            comments and layout kept, so that it says what is real of those objects, and they \
            are recorded as they are. Where a spec cannot say it, or is in HCL, nothing is written.

            Example: launch drift --format json --detailed-exitcode
            Example: launch drift --report drift.md --report drift.json
            Example: launch drift --accept web/aws.instance
            """)

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var report: PageOptions
    @OptionGroup var reports: ReportFiles

    @Flag(help: "Exit with 2 when there is drift.")
    var detailedExitcode = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Take what is real there into the spec.", valueName: "address ..."))
    var accept: [String] = []

    func validate() throws {
        let isReporting =
            report.format != .text || report.out != nil || !reports.isEmpty || detailedExitcode
        guard accept.isEmpty || (services.isEmpty && !isReporting) else {
            throw ValidationError(
                "--accept goes without services, --format, --out, --report and "
                    + "--detailed-exitcode.")
        }
    }

    func run() async throws {
        let session = try Session(global, parallelism: run.parallelism)
        guard accept.isEmpty else { return try await accept(in: session) }
        let goal = session.workspace.goal(try session.services(services))
        let drift = try await withTimeout(run) {
            try await session.workspace.reconciler.drift(goal)
        }
        let drifted = DriftReport(drift)
        let now = Date()
        func text(as form: PageFormat, _ style: Style) -> String {
            switch form {
            case .text: drifted.text(style)
            case .json: drifted.json
            case .markdown: drifted.markdown
            case .html: drifted.html(at: now)
            }
        }
        try report.write(text(as: report.format, report.style(global)))
        try reports.write { text(as: $0, .plain) }
        if detailedExitcode, !drift.findings.isEmpty { throw ExitCode.changesPending }
    }

    private func accept(in session: Session) async throws {
        let addresses = try accept.map { text in
            guard let address = Address(text) else {
                throw CommandFailure(
                    "\(text) is no address",
                    remedy: "Write it as `launch drift` does, for example web/aws.instance.")
            }
            return address
        }
        let editor = RepositoryEditor(
            root: global.directory, environment: ProcessInfo.processInfo.environment)
        let accepted = try await withTimeout(run) {
            try await session.workspace.accept(
                Set(addresses), editing: editor, claim: session.claim("drift --accept", run))
        }
        let words =
            accepted.addresses.map { "\($0): accepted as it is" }
            + accepted.others.map { "\($0): nothing to accept, it is as Launch left it" }
        try Terminal.print((accepted.edits + words).map { "\($0)\n" }.joined())
    }
}
