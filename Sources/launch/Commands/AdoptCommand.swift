import ArgumentParser
import Assembly
import Resources

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Takes over an object that exists.",
        discussion: """
            Marks it as the service's own and changes nothing else of it. `launch plan` then shows \
            what of it differs from the spec, and `launch converge` records it.

            Example: launch adopt web web/aws.volume vol-0a1b2c3d4e5f60718
            """)

    @Argument(help: "The service.", completion: .services)
    var service: String?

    @Argument(help: "The object's address, as `launch plan` shows it.")
    var address: String?

    @Argument(help: "The provider's own identifier.")
    var id: String?

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var terraform: TerraformOptions

    func run() async throws {
        if let source = terraform.source { return try await terraform.adopt(source, global, run) }
        guard let service, let address, let id else {
            throw ValidationError("Name a service, an address and an identifier.")
        }
        guard let place = Address(address), place.service == service else {
            throw CommandFailure(
                "\(address) is no address of \(service)",
                remedy: "Write it as `launch plan` does, for example \(service)/aws.volume.")
        }
        let session = try Session(global, parallelism: run.parallelism)
        try await withTimeout(run) {
            try await session.workspace.adopt(
                id, as: place, claim: session.claim("adopt", run))
        }
        try Terminal.print("\(place): adopted \(id); `launch plan` shows what differs.\n")
    }
}
