import HTTP
import ArgumentParser
import Assembly
import Foundation
import Journal
import Planning
import Reconciling
import Reporting
import Resources
import Rollout
import ServiceFiles
import Services

/// What a command works with: the repository it was pointed at, in the real world.
struct Session {
    let workspace: Workspace
    let repository: Repository
    let assembly: StateAssembly
    private let directory: String
    let store: JournalStore
    /// Where the run's trace goes; `nil` where nobody asked for one.
    let trace: TraceExport?

    /// - Parameters:
    ///   - readingPrices: false goes by what the program knows alone.
    ///   - tracing: what the run's trace is called: the command.
    /// - Throws: `InvalidRepository` with everything that is wrong in the specs.
    init(
        _ options: GlobalOptions, parallelism: Int = 16,
        events: any EventSink = NoProgress(), readingPrices: Bool = true, tracing: String? = nil
    ) throws {
        let surroundings = Surroundings.live(logger: options.logger)
        guard FileManager.default.fileExists(atPath: options.directory) else {
            throw CommandFailure(
                "there is no folder \(options.directory)",
                remedy: "Correct --directory, or begin a project there with `launch init`.")
        }
        directory = options.directory
        repository = try Session.repository(options, surroundings.environment)
        assembly = Session.assembly(repository.project, options, surroundings)
        store = try assembly.store()
        trace = tracing.flatMap {
            TraceExport($0, version: Version.current, surroundings)
        }
        workspace = Workspace(
            repository, store: store, surroundings: surroundings,
            events: trace.map { EventFork(events, $0) } ?? events,
            parallelism: parallelism,
            prices: readingPrices ? try PriceFile(root: options.directory).tables() : nil)
    }

    static func repository(
        _ options: GlobalOptions, _ environment: [String: String]
    ) throws -> Repository {
        try RepositoryReader(root: options.directory, environment: environment).read()
    }

    private static func assembly(
        _ project: ProjectSpec, _ options: GlobalOptions, _ surroundings: Surroundings
    ) -> StateAssembly {
        StateAssembly(
            project, root: options.directory, surroundings: surroundings,
            isProcessAlive: isProcessAlive
        ) { lease in
            Terminal.printError("Waiting: \(StateError.locked(lease))")
        }
    }

    /// A number that no process can have is of none.
    private static func isProcessAlive(_ number: Int) -> Bool {
        guard let process = pid_t(exactly: number), process > 0 else { return false }
        return kill(process, 0) == 0 || errno == EPERM
    }

    /// The services named on the command line, each known; `nil` when none is named.
    func services(_ names: [String], alsoKnown: Set<String> = []) throws -> Set<String>? {
        guard !names.isEmpty else { return nil }
        return try Self.check(
            names, among: Set(repository.services.map(\.name)).union(alsoKnown))
    }

    /// - Throws: `CommandFailure` with the nearest name, where one is unknown.
    static func check(_ names: [String], among known: Set<String>) throws -> Set<String> {
        let unknown = names.filter { !known.contains($0) }
        guard unknown.isEmpty else {
            throw CommandFailure(
                unknown.map { name in
                    let hint =
                        nearestMatch(to: name, among: known.sorted()).map {
                            "; did you mean \($0)?"
                        } ?? ""
                    return "there is no service \(name)\(hint)"
                }.joined(separator: "\n"),
                remedy: known.isEmpty
                    ? "Make one with `launch new`."
                    : "Known: \(known.sorted().joined(separator: ", ")).")
        }
        return Set(names)
    }

    func report(_ results: [RolloutResult]) -> RolloutReport {
        let urls = Dictionary(
            repository.services.map { ($0.name, $0.url) }, uniquingKeysWith: { first, _ in first })
        return RolloutReport(
            results.map { RolloutReport.Line($0, url: urls[$0.service.name] ?? nil) })
    }

    /// Requests made so far, by provider.
    var requests: [ProviderName: Int] { workspace.meter.byProvider.mapValues(\.total) }

    func claim(_ purpose: String, _ run: RunOptions) -> LeaseClaim {
        LeaseClaim(
            holder: .current(in: directory), purpose: purpose, patience: run.lockTimeout.duration)
    }
}

extension ReportDestination {
    /// A file gets no colours, whatever the terminal shows.
    func style(_ options: GlobalOptions) -> Style {
        out == nil ? Terminal.style(options, for: STDOUT_FILENO) : .plain
    }

    /// How wide the report may be, in columns.
    var width: Int {
        out == nil ? Terminal.width(of: STDOUT_FILENO) : .max
    }

    /// Prints a report, or writes it to the file that was asked for.
    func write(_ text: String) throws {
        guard let out else { return try Terminal.print(text) }
        try writeFile(text, to: out)
    }
}

/// - Throws: `CommandFailure` that names the file.
func writeFile(_ text: String, to path: String) throws {
    do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw CommandFailure(
            "\(path) cannot be written", remedy: "Check the folder and its permissions.")
    }
}
