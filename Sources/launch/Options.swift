import ArgumentParser
import Foundation
import Resources

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: [.customShort("C"), .long], help: "The repository's folder.")
    var directory = "."

    @Flag(help: "Print without colour. NO_COLOR does the same.")
    var noColor = false

    @Flag(name: .shortAndLong, help: "Log each request, without secrets, to stderr.")
    var verbose = false

    @Option(help: "How logs are written: text or json.")
    var logFormat = LogFormat.text

    func validate() { Terminal.logFormat = logFormat }
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

extension GlobalOptions {
    /// The format that the arguments ask for, whatever else is wrong with them.
    static func logFormat(in arguments: [String]) -> LogFormat {
        let values = zip(arguments, arguments.dropFirst() + [""]).compactMap { option, next in
            option == "--log-format"
                ? next
                : option.hasPrefix("--log-format=") ? String(option.dropFirst(13)) : nil
        }
        return values.last.flatMap(LogFormat.init(rawValue:)) ?? .text
    }

    private static let flags: Set = ["--no-color", "-v", "--verbose"]
    private static let valued: Set = ["-C", "--directory", "--log-format"]

    /// `launch -C shop plan` is `launch plan -C shop`: the options are read by each command.
    static func movedBehindCommand(_ arguments: some Sequence<String>) -> [String] {
        var rest = Array(arguments)[...]
        var moved: [String] = []
        while let option = rest.first {
            if flags.contains(option) || valued.contains(where: { option.hasPrefix("\($0)=") }) {
                moved.append(rest.removeFirst())
            } else if valued.contains(option), rest.count > 1 {
                moved += [rest.removeFirst(), rest.removeFirst()]
            } else {
                break
            }
        }
        guard let command = rest.first, ["prices", "runner", "state"].contains(command),
            rest.count > 1
        else {
            return rest.prefix(1) + moved + rest.dropFirst()
        }
        return rest.prefix(2) + moved + rest.dropFirst(2)
    }
}

extension CompletionKind {
    /// The names of the services in the folder that one is in.
    static let services = CompletionKind.shellCommand("ls services 2>/dev/null")
}

/// Options of commands that talk to providers.
struct RunOptions: ParsableArguments {
    @Option(help: "How many changes run at once.")
    var parallelism = 16

    @Option(help: "End the run after this long, like 90s or 10m.")
    var timeout: Span?

    @Option(help: "How long to wait for a lock that another run holds, like 90s or 10m.")
    var lockTimeout = Span(.zero)

    func validate() throws {
        guard (1...256).contains(parallelism) else {
            throw ValidationError("--parallelism must be from 1 to 256, not \(parallelism).")
        }
    }
}

/// Options of commands that report.
struct ReportOptions: ParsableArguments, ReportDestination {
    @Option(help: "How the report is written: text, json or markdown.")
    var format = ReportFormat.text

    @Option(help: "Write the report to this file instead of stdout.")
    var out: String?
}

enum ReportFormat: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

/// Options of commands whose report can also be a page.
struct PageOptions: ParsableArguments, ReportDestination {
    @Option(help: "How the report is written: text, json, markdown or html.")
    var format = PageFormat.text

    @Option(help: "Write the report to this file instead of stdout.")
    var out: String?
}

enum PageFormat: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, html }

/// Where a report goes: stdout, unless a file is named.
protocol ReportDestination {
    var out: String? { get }
}

/// A duration on the command line: `90s`, `10m`, `2h`.
struct Span: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = Duration(span: argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
