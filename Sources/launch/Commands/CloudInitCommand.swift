import ServiceFiles
import ArgumentParser
import Services

struct CloudInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloud-init",
        abstract: "Prints what a service's machine boots with; secrets are left out.",
        discussion: "Example: launch cloud-init web")

    @Argument(help: "The service.", completion: .services)
    var service: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = try Session(global)
        _ = try session.services([service])
        for spec in session.repository.services where spec.name == service {
            try Terminal.print(Seed(for: spec, in: session.repository.project).preview)
        }
    }
}
