import ArgumentParser

/// Each subcommand has a file of its own.
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Looks into the state document, and repairs it.",
        discussion: "Example: launch state show web/aws.instance",
        subcommands: [
            List.self, Show.self, Pull.self, Push.self, Export.self, Unlock.self, Forget.self,
            Rekey.self, Rebuild.self,
        ])
}
