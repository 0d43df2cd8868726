import ArgumentParser
import Assembly
import Foundation
import Planning
import Reconciling
import Reporting
import Resources

extension StateCommand {
    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets services go without deleting anything.",
            discussion: """
                Takes the project's marks off the services' objects, changes nothing else of them, \
                and forgets them. Shows what it lets go and asks first, unless --yes is given. A \
                run that broke off is ended by running it again. The specs stay: take them away \
                as well, or the next converge makes new objects.

                Example: launch state forget web --yes
                """)

        @Argument(help: "The services to let go.", completion: .services)
        var services: [String]

        @OptionGroup var global: GlobalOptions
        @OptionGroup var run: RunOptions

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        @Option(help: "How the report is written: text or json.")
        var format = ProgressFormat.text

        func run() async throws {
            let session = try Session(global, parallelism: run.parallelism)
            let workspace = session.workspace
            let known = Set(try await workspace.store.read().services.keys)
            let names = try session.services(services, alsoKnown: known)
            let purpose = "state forget \(services.joined(separator: " "))"
            _ = try await withTimeout(run) {
                try await workspace.reconciler.forget(
                    workspace.teardown(names, withData: true), claim: session.claim(purpose, run)
                ) { forgetting in
                    try print(ForgettingReport(forgetting))
                    guard !forgetting.entries.isEmpty, !yes else { return }
                    try Terminal.requireConsent(
                        "Let it go?", remedy: "Say --yes to let it go without a question.")
                }
            }
        }

        private func print(_ report: ForgettingReport) throws {
            switch format {
            case .text: try Terminal.print(report.text(Terminal.style(global, for: STDOUT_FILENO)))
            case .json: try Terminal.print(report.json)
            }
        }
    }
}
