import Assembly
import Resources
import ArgumentParser
import Foundation

struct DestroyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Takes services down.",
        discussion: """
            Data volumes are kept unless --with-data is given: then the volumes of the services \
            that are named, or of all with --all, are deleted. On a terminal each is shown, and the \
            service's name has to be typed. A service whose spec is gone is named as well: its data \
            goes by `launch destroy web --with-data`.

            The specs stay: the next converge brings the services back.

            Example: launch destroy web --yes
            """)

    @Argument(help: "The services to take down.", completion: .services)
    var services: [String] = []

    @Flag(help: "Take every service down.")
    var all = false

    @Flag(help: "Delete the data volumes of these services too.")
    var withData = false

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var consent: ConsentOptions

    @Option(help: "How progress is written: text or json.")
    var format = ProgressFormat.text

    func validate() throws {
        guard all != !services.isEmpty else {
            throw ValidationError("Name the services to take down, or say --all.")
        }
    }

    func run() async throws {
        try await ChangeRunner.with("destroy", global, run, format: format) { runner in
            let document = try await runner.session.workspace.store.read()
            let names = try runner.session.services(
                services, alsoKnown: Set(document.services.keys))
            var consent = consent
            consent.allowDeletes = consent.allowDeletes ?? Int.max
            try await runner.converge(
                runner.session.workspace.teardown(names, withData: withData), consent: consent,
                purpose: "destroy \(names?.sorted().joined(separator: " ") ?? "--all")",
                saved: nil, needsConsentElsewhere: true)
        }
    }
}
