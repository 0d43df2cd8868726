import ServiceFiles
import ArgumentParser
import Foundation
import Reporting

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks launch.yaml and the specs; contacts nobody.",
        discussion: "Example: launch validate")

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = try Session(global)
        let names = try session.services(services)
        let count = names?.count ?? session.repository.services.count
        try Terminal.print("\(counted(count, "service")) valid.\n")
    }
}
