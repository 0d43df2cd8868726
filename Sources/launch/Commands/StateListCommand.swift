import ArgumentParser
import Assembly
import Foundation
import Resources

extension StateCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the recorded objects.", discussion: "Example: launch state list")

        @Argument(help: "Only these services.", completion: .services)
        var services: [String] = []

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try Session(global)
            let document = try await session.workspace.store.read()
            let names = try session.services(services, alsoKnown: Set(document.services.keys))
            let lines = document.resources.values
                .filter { names?.contains($0.address.service) ?? true }
                .map { (address: $0.address.description, id: $0.id) }
                .sorted { $0.address < $1.address }
            let width = lines.map(\.address.count).max() ?? 0
            try Terminal.print(
                lines.map {
                    $0.address.padding(toLength: width, withPad: " ", startingAt: 0)
                        + "  \($0.id)\n"
                }.joined())
        }
    }
}
