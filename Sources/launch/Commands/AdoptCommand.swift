import ArgumentParser
import Assembly
import Foundation
import Reporting
import Resources
import ServiceFiles
import Services

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Takes over objects that exist.",
        usage: """
            launch adopt [OPTIONS] SERVICE ADDRESS ID
            launch adopt [OPTIONS] --discover [SERVICE...]
            launch adopt [OPTIONS] --from-terraform FILE|s3://BUCKET/KEY
            """,
        discussion: """
            Marks an object as the service's own and changes nothing else of it. `launch plan` \
            then shows what of it differs from the spec, and `launch converge` records it. With \
            --discover it only looks: it lists what is nobody's and is called like what the specs \
            want, with the command that takes it over. With --from-terraform it takes over what a \
            Terraform state holds of the services: it shows each object, what the next converge \
            would do with it, and what is left to Terraform; on a terminal it asks, unless --yes \
            is given.

            Example: launch adopt web web/aws.volume vol-0a1b2c3d4e5f60718
            Example: launch adopt --from-terraform terraform.tfstate
            """)

    @Argument(
        help: "The service, the object's address and its identifier; with --discover, services.",
        completion: .services)
    var words: [String] = []

    @Flag(help: "List what may be meant; change nothing.")
    var discover = false

    @Option(help: "How a list of objects is written: text or json.")
    var format = ProgressFormat.text

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var terraform: TerraformOptions

    func validate() throws {
        if terraform.source != nil {
            guard !discover, words.isEmpty else {
                throw ValidationError("--from-terraform goes without names and --discover.")
            }
        } else if !discover, words.count != 3 {
            throw ValidationError(
                "Name a service, an address and an identifier, or --discover, or "
                    + "--from-terraform.")
        } else if !discover, format == .json {
            throw ValidationError("--format json goes with --discover and --from-terraform.")
        }
    }

    func run() async throws {
        if let source = terraform.source {
            return try await terraform.adopt(source, format, global, run)
        }
        let session = try Session(global, parallelism: run.parallelism)
        if discover { try await look(session) } else { try await adopt(session) }
    }

    private func look(_ session: Session) async throws {
        let services = try session.services(words)
        let found = try await withTimeout(run) {
            try await session.workspace.lookalikes(of: services)
        }
        let report = DiscoveryReport(found, project: session.repository.project.project)
        switch format {
        case .text: try Terminal.print(report.text(Terminal.style(global, for: STDOUT_FILENO)))
        case .json: try Terminal.print(report.json)
        }
    }

    private func adopt(_ session: Session) async throws {
        let (service, address, id) = (words[0], words[1], words[2])
        _ = try session.services([service])
        guard let place = Address(address), place.service == service else {
            throw CommandFailure(
                "\(address) is no address of \(service)",
                remedy: "Write it as `launch plan` does, for example \(service)/aws.volume.")
        }
        try await withTimeout(run) {
            try await session.workspace.adopt(
                id, as: place, claim: session.claim("adopt", run))
        }
        try Terminal.print("\(place): adopted \(id); `launch plan` shows what differs.\n")
    }
}
