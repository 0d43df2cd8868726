import Assembly
import ArgumentParser
import Foundation
import Planning
import Reconciling
import Reporting

struct ConvergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "converge",
        abstract: "Makes the world as the specs say.",
        discussion: """
            With names it touches nothing of other services. On a terminal it shows the plan and \
            asks first, unless --yes is given; elsewhere it goes ahead. Ctrl-C begins nothing new, \
            lets what runs end, and records it.

            Data stays unless --with-data is given with the names of the services whose data may \
            go: when a machine is replaced that holds some, or when `data` left the spec.

            Example: launch converge web --yes
            """)

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var consent: ConsentOptions

    @Option(help: "Replace this service's machine if a newer image is published; repeatable.")
    var upgradeImage: [String] = []

    @Option(help: "Carry out this saved plan, and nothing else.")
    var plan: String?

    @Option(help: "How progress is written: text or json.")
    var format = ProgressFormat.text

    @Flag(help: "Delete data of the named services where the plan needs that.")
    var withData = false

    @Flag(help: "Only services that move to another target; nothing is done if none does.")
    var finishMoves = false

    @Flag(help: "Then wait until every service serves, as `launch wait` does.")
    var wait = false

    func run() async throws {
        try await ChangeRunner.with("converge", global, run, format: format) { runner in
            let saved = try plan.map(SavedPlan.init(file:))
            var names = try runner.session.services(saved.map { $0.services ?? [] } ?? services)
            guard !withData || names != nil else { throw CommandFailure.dataOfNobody }
            if finishMoves {
                let moving = try await withTimeout(run) { [names] in
                    try await runner.session.workspace.movingServices(names)
                }
                guard !moving.isEmpty else { return try Terminal.print("No service moves.\n") }
                names = moving
            }
            try await runner.converge(
                runner.session.workspace.goal(
                    names, withData: withData,
                    upgrading: try runner.session.services(saved?.upgraded ?? upgradeImage) ?? []),
                consent: consent,
                purpose: purpose(names), saved: saved, needsConsentElsewhere: false,
                waiting: wait)
        }
    }

    func validate() throws {
        guard plan == nil || services.isEmpty && upgradeImage.isEmpty else {
            throw ValidationError(
                "A saved plan says itself what it is about: leave out the services with --plan.")
        }
        guard plan == nil || !finishMoves else {
            throw ValidationError(
                "A saved plan says itself what is done: leave out --finish-moves.")
        }
    }

    private func purpose(_ names: Set<String>?) -> String {
        names.map { "converge \($0.sorted().joined(separator: " "))" } ?? "converge"
    }
}

extension CommandFailure {
    /// Services that a person did not think of do not lose their data.
    fileprivate static let dataOfNobody = CommandFailure(
        "--with-data needs the names of the services whose data may go",
        remedy: "Name them, as in `launch converge web --with-data`; the data of a service without "
            + "a spec goes by `launch destroy web --with-data`.")
}

extension SavedPlan {
    /// - Throws: `CommandFailure` when the file is no saved plan.
    fileprivate init(file path: String) throws {
        let remedy = "Make it with `launch plan --out \(path)`."
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path) cannot be read", remedy: remedy)
        }
        guard let plan = SavedPlan(json: Array(data)) else {
            throw CommandFailure("\(path) is not a saved plan", remedy: remedy)
        }
        self = plan
    }
}

enum ProgressFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

/// What a person allows a run to do.
struct ConsentOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(help: "Delete up to this many objects, whatever launch.yaml's limit is.")
    var allowDeletes: Int?

    @Option(help: "Replace up to this many objects, whatever launch.yaml's limit is.")
    var allowReplaces: Int?

    @Option(help: "Let it cost up to this many US dollars a month, whatever launch.yaml allows.")
    var allowMonthlyUsd: Int?

    var allowances: Allowances {
        Allowances(
            deletes: allowDeletes, replaces: allowReplaces, monthlyUSD: allowMonthlyUsd)
    }
}
