import ArgumentParser
import Assembly
import ServiceFiles
import Services

struct RunnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runner", abstract: "Looks after the services' runners.",
        discussion: "Example: launch runner renew web", subcommands: [Renew.self])
}

extension RunnerCommand {
    struct Renew: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Writes the token with which an ephemeral runner registers after its next job.",
            discussion: """
                For services with `runner: ephemeral`. The token is good for an hour and goes, \
                sealed, to GitHub as the secret LAUNCH_<PROJECT>_<SERVICE>_RUNNER_TOKEN of the \
                service's environment. The generated workflows do this before each deploy.

                Example: launch runner renew web
                """)

        @Argument(help: "The services.", completion: .services)
        var services: [String]

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let surroundings = Surroundings.live(logger: global.logger)
            let repository = try Session.repository(global, surroundings.environment)
            let names = try Session.check(
                services, among: Set(repository.services.map(\.name)))
            let renewal = RunnerRenewal(repository, surroundings: surroundings)
            for service in repository.services where names.contains(service.name) {
                let isRenewed = try await renewal.renew(service)
                try Terminal.print(
                    isRenewed
                        ? "\(service.name): its runner can register again.\n"
                        : "\(service.name): its runner stays; nothing to do.\n")
            }
        }
    }
}
