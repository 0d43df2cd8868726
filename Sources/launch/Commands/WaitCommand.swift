import ArgumentParser
import Assembly
import Foundation
import Reporting
import Resources
import Rollout

struct WaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits until services serve, and prints how long each stage took.",
        discussion: """
            The stages are machine-up, first-boot-done, runner-online, application-healthy, \
            name-answers, certificate-valid and serving: for a web service a good answer at its \
            `health`, for an MCP service a session that begins. A service without a public name \
            ends at application-healthy. It exits with 1 when a stage fails or takes too long, and \
            shows the end of the log that tells why.

            Example: launch wait web --for runner-online
            """)

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @Option(name: .customLong("for"), help: "The stage to wait for.")
    var stage = AwaitedStage(.serving)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let progress = PlainProgress(
            report: EventReport(style: Terminal.style(global, for: STDERR_FILENO)))
        let session = try Session(global, parallelism: run.parallelism, events: progress)
        let names = try session.services(services)
        let results = try await withTimeout(run) { [stage] in
            try await session.workspace.follow(
                names, to: stage.stage, claim: session.claim("wait", run))
        }
        let timeline = session.report(results)
        switch report.format {
        case .text: try report.write(timeline.text(report.style(global)))
        case .json: try report.write(timeline.json)
        case .markdown: try report.write(timeline.markdown)
        }
        if results.contains(where: { $0.failure != nil }) { throw ExitCode.failure }
    }
}

/// A stage on the command line: `runner-online`.
struct AwaitedStage: ExpressibleByArgument {
    let stage: ServingStage

    init(_ stage: ServingStage) { self.stage = stage }

    init?(argument: String) {
        let stage = ServingStage(rawValue: argument.replacing("-", with: " "))
        guard let stage, stage != .pushed else { return nil }
        self.stage = stage
    }

    var defaultValueDescription: String { Self.word(stage) }

    static var allValueStrings: [String] {
        ServingStage.allCases.filter { $0 != .pushed }.map(word)
    }

    private static func word(_ stage: ServingStage) -> String {
        stage.rawValue.replacing(" ", with: "-")
    }
}
