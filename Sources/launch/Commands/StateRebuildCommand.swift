import ArgumentParser
import Assembly
import Foundation
import Planning
import Reconciling
import Reporting

extension StateCommand {
    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Brings a lost state back from the ownership marks of what there is.",
            discussion: """
                Looks at every provider that the specs need or that there are credentials for, and \
                records what bears the project's mark, also what is in no spec any more. Changes \
                nothing but the state. On a terminal it shows the records and asks first, unless \
                --yes is given; elsewhere it goes ahead.

                Example: launch state rebuild --yes
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var run: RunOptions

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        @Flag(help: "Replace the records of a state that is there.")
        var force = false

        @Option(help: "How the report is written: text or json.")
        var format = ProgressFormat.text

        func run() async throws {
            let session = try Session(global, parallelism: run.parallelism)
            let workspace = session.workspace
            _ = try await withTimeout(run) {
                try await workspace.reconciler.rebuild(
                    workspace.rebuildGoal(), force: force,
                    claim: session.claim("state rebuild", run)
                ) { rebuild in
                    try print(RebuildReport(rebuild, notLookedAt: workspace.notLookedAt))
                    guard !yes, !rebuild.isEmpty, Terminal.canAsk else { return }
                    guard try Terminal.confirms("Record this?") else {
                        throw ReconcilingError.declined
                    }
                }
            }
        }

        private func print(_ report: RebuildReport) throws {
            switch format {
            case .text: try Terminal.print(report.text(Terminal.style(global, for: STDOUT_FILENO)))
            case .json: try Terminal.print(report.json)
            }
        }
    }
}
