import ArgumentParser
import Foundation
import Logging
import Resources

/// Parses the command line, runs the command, and ends with the exit code of the contract.
@main
enum Main {
    static func main() async {
        do {
            let arguments = GlobalOptions.movedBehindCommand(CommandLine.arguments.dropFirst())
            // Also for what is wrong with the command line itself.
            Terminal.logFormat = GlobalOptions.logFormat(in: arguments)
            try checkCommandNames(
                arguments.first == "help" ? arguments.dropFirst() : arguments[...])
            var command = try Launch.parseAsRoot(arguments)
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
            Terminal.printError(explanation.text, level: .error)
            exit(explanation.exitCode.rawValue)
        }
    }
}

extension Main {
    /// - Throws: `CommandFailure` with the nearest command, where a name is none.
    private static func checkCommandNames(_ names: ArraySlice<String>) throws {
        var (path, commands) = ("launch", Launch.configuration.subcommands)
        for name in names {
            guard !commands.isEmpty, !name.hasPrefix("-"), name != "help" else { return }
            guard let command = commands.first(where: { $0.shownName == name }) else {
                let nearest = nearestMatch(to: name, among: commands.map { $0.shownName })
                throw CommandFailure(
                    "there is no command \(path == "launch" ? "" : "\(path.dropFirst(7)) ")\(name)",
                    remedy: nearest.map { "Did you mean `\(path) \($0)`?" }
                        ?? "`\(path) --help` shows what there is.")
            }
            (path, commands) = ("\(path) \(name)", command.configuration.subcommands)
        }
    }
}

extension ParsableCommand {
    /// What is typed for it.
    fileprivate static var shownName: String {
        configuration.commandName ?? String(describing: self).lowercased()
    }
}

struct Launch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Brings the services of a repository to life and keeps them as their specs say.",
        discussion: """
            A repository holds launch.yaml and services/<name>/service.yaml beside a Docker \
            Compose file; a spec may also be HCL. `launch converge` makes machines, networks, names and runners as the \
            specs say.

              launch init --domain example.com --repository me/shop
              launch new web --target aws --public
              launch doctor
              launch plan
              launch converge
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, NewCommand.self, ValidateCommand.self, PlanCommand.self,
            ConvergeCommand.self, WaitCommand.self, DriftCommand.self, DestroyCommand.self,
            StatusCommand.self,
            DoctorCommand.self, HistoryCommand.self, WhyCommand.self, StateCommand.self,
            RunnerCommand.self, PricesCommand.self, CloudInitCommand.self, WorkflowsCommand.self,
            AdoptCommand.self, SimulateCommand.self,
        ])
}

enum Version {
    static let current = "0.1.0"
}
