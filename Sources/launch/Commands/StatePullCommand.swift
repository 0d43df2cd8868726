import ArgumentParser
import Assembly
import Resources

extension StateCommand {
    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the whole state document as JSON.",
            discussion: """
                An earlier one can be had for as long as it is kept: at least an hour, and at \
                least the last few times that the whole state was written. `launch history` lists \
                the serials.

                Example: launch state pull > state.json
                """)

        @Option(help: "The state as it was at this serial.")
        var serial: Int?

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let store = try Session(global).workspace.store
            let document =
                if let serial { try await store.read(serial: serial) } else {
                    try await store.read()
                }
            try Terminal.print(document.json.jsonText(pretty: true) + "\n")
        }
    }
}
