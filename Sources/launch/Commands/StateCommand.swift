import Assembly
import ArgumentParser
import Foundation
import Resources
import ServiceFiles

struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Looks into the state document.",
        discussion: "Example: launch state show web/aws.instance",
        subcommands: [List.self, Show.self, Pull.self, Rebuild.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the recorded objects.", discussion: "Example: launch state list")

        @Argument(help: "Only these services.")
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

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows one recorded object as JSON.",
            discussion: "Example: launch state show web/aws.instance")

        @Argument(help: "The object's address, as `launch state list` prints it.")
        var address: String

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let document = try await Session(global).workspace.store.read()
            guard let wanted = Address(address), let record = document.resources[wanted] else {
                let known = Set(document.resources.keys.map(\.description))
                throw CommandFailure(
                    "there is no \(address) in the state",
                    remedy: nearestMatch(to: address, among: known.sorted()).map {
                        "Did you mean \($0)?"
                    }
                        ?? "`launch state list` shows what there is.")
            }
            try Terminal.print(record.json.jsonText(pretty: true) + "\n")
        }
    }

    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the whole state document as JSON.",
            discussion: "Example: launch state pull > state.json")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let document = try await Session(global).workspace.store.read()
            try Terminal.print(document.json.jsonText(pretty: true) + "\n")
        }
    }
}
