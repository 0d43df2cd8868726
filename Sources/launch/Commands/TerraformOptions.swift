import ArgumentParser
import Assembly
import Foundation
import Reconciling
import Reporting
import Resources
import Terraform

/// `launch adopt --from-terraform`.
struct TerraformOptions: ParsableArguments {
    @Option(
        help: """
            Take over what this Terraform state holds of the services: a file, or s3://bucket/key.
            """)
    var fromTerraform: String?

    @Option(help: "The DynamoDB table in which Terraform locks that state.")
    var lockTable: String?

    @Option(
        help: ArgumentHelp(
            "Whose an object of that state is; repeatable.", valueName: "address=service"))
    var map: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave this object, resource or module to Terraform; repeatable.",
            valueName: "address"))
    var leave: [String] = []

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    var source: TerraformSource? { fromTerraform.flatMap(TerraformSource.init) }

    func validate() throws {
        guard fromTerraform != nil || lockTable == nil && map.isEmpty && leave.isEmpty && !yes
        else {
            throw ValidationError(
                "--lock-table, --map, --leave and --yes go with --from-terraform.")
        }
        guard fromTerraform == nil || source != nil else {
            throw ValidationError("Write --from-terraform as a file or as s3://bucket/key.")
        }
        _ = try choices()
    }

    private func choices() throws -> TerraformChoices {
        let pairs = try map.map { text in
            // An address may hold an equals sign in a key; a service's name never does.
            guard let sign = text.lastIndex(of: "="), sign > text.startIndex,
                text.index(after: sign) < text.endIndex
            else {
                throw ValidationError("Write --map as ADDRESS=SERVICE, not \(text).")
            }
            return (String(text[..<sign]), String(text[text.index(after: sign)...]))
        }
        return TerraformChoices(
            services: Dictionary(pairs) { $1 }, left: Set(leave))
    }

    /// Shows what will be done, asks, and does it.
    func adopt(
        _ source: TerraformSource, _ format: ProgressFormat, _ global: GlobalOptions,
        _ run: RunOptions
    ) async throws {
        let session = try Session(global, parallelism: run.parallelism)
        let choices = try choices()
        try await withTimeout(run) {
            let state = try await session.assembly.terraformState(source, lockTable: lockTable)
            try await session.workspace.adopt(
                state, from: source.description, choices: choices,
                claim: session.claim("adopt --from-terraform", run)
            ) { report, isEmpty in
                switch format {
                case .text: try Terminal.print(global) { report.text($0, width: $1) }
                case .json: try Terminal.print(report.json)
                }
                guard !isEmpty, !yes, Terminal.isInputInteractive, Terminal.isErrorInteractive
                else { return }
                guard try Terminal.confirms("Adopt them?") else {
                    throw ReconcilingError.declined
                }
            }
        }
    }
}
