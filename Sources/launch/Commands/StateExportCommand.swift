import ArgumentParser
import Assembly
import Journal
import Resources

extension StateCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints what is recorded for another program.",
            discussion: """
                With --terraform: import and resource blocks for Terraform 1.5 and newer, without \
                secrets. What has no counterpart there is listed at their end. Cloudflare is asked \
                for its zones where there are DNS records; nothing is changed.

                Example: launch state export --terraform web > web.tf
                """)

        @Argument(help: "Only these services.", completion: .services)
        var services: [String] = []

        @Flag(help: "As Terraform's configuration.")
        var terraform = false

        @OptionGroup var global: GlobalOptions

        func validate() throws {
            guard terraform else { throw ValidationError("Say what for: --terraform.") }
        }

        func run() async throws {
            let session = try Session(global)
            let recorded = try await session.store.read().services.keys
            let names = try session.services(services, alsoKnown: Set(recorded))
            try Terminal.print(try await session.workspace.terraformExport(names))
        }
    }
}
