import ArgumentParser
import Assembly
import Resources

extension StateCommand {
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
                throw document.unknown(address)
            }
            try Terminal.print(record.json.jsonText(pretty: true) + "\n")
        }
    }
}

extension StateDocument {
    /// What to say of an address that is not in it.
    func unknown(_ address: String) -> CommandFailure {
        let known = resources.keys.map(\.description).sorted()
        return CommandFailure(
            "there is no \(address) in the state",
            remedy: nearestMatch(to: address, among: known).map { "Did you mean \($0)?" }
                ?? "`launch state list` shows what there is.")
    }
}
