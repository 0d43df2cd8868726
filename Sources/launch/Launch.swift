import ArgumentParser

@main
struct Launch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "launch")
}
