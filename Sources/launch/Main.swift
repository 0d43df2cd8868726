import ArgumentParser
import Foundation

/// Parses the command line, runs the command, and ends with the exit code of the contract.
@main
enum Main {
    static func main() async {
        do {
            var command = try Launch.parseAsRoot(GlobalOptions.movedBehindCommand(CommandLine.arguments.dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            if Launch.exitCode(for: error) == .success { Launch.exit(withError: error) }
            let explanation = Explanation(error)
            Terminal.printError(explanation.text)
            exit(explanation.exitCode.rawValue)
        }
    }
}

struct Launch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Brings the services of a repository to life and keeps them as their specs say.",
        discussion: """
            A repository holds launch.yaml and services/<name>/service.yaml beside a Docker Compose
            file. `launch converge` makes machines, networks, names and runners as the specs say.

              launch init && launch new web --target aws --public
              launch plan
              launch converge
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, NewCommand.self, ValidateCommand.self, PlanCommand.self,
            ConvergeCommand.self, DriftCommand.self, DestroyCommand.self, StatusCommand.self,
            DoctorCommand.self,
            StateCommand.self, CloudInitCommand.self, SimulateCommand.self,
        ])
}

enum Version {
    static let current = "0.1.0"
}
