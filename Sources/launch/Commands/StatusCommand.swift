import ServiceFiles
import Reconciling
import Assembly
import ArgumentParser
import Foundation
import Reporting
import Resources
import Rollout
import Services

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what is deployed, where, since when and at which URL.",
        discussion: """
            The page of --format html needs no network and no other file.

            Example: launch status --format html --out status.html
            """)

    @Argument(help: "Only these services.", completion: .services)
    var services: [String] = []

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var report: PageOptions

    func run() async throws {
        let session = try Session(global, parallelism: run.parallelism)
        let names = try session.services(services)
        let (document, observed, drift) = try await withTimeout(run) {
            try await session.workspace.reconciler.look(session.workspace.goal(names))
        }
        let status = StatusReport(statuses(session, names, document, observed))
        switch report.format {
        case .text: try report.write(status.text(report.style(global), width: report.width))
        case .json: try report.write(status.json)
        case .markdown: try report.write(status.markdown)
        case .html:
            try report.write(status.html(drift, at: Date()))
        }
    }

    private func statuses(
        _ session: Session, _ names: Set<String>?, _ document: StateDocument,
        _ observed: [ObservedResource]
    ) -> [ServiceStatus] {
        let specs = Dictionary(
            session.repository.services.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let objects = Dictionary(grouping: observed, by: \.address.service)
        let deployed = document.services.filter { !$0.value.resources.isEmpty }.map(\.key)
        let all = Set(specs.keys).union(deployed).union(objects.keys)
            .subtracting([Address.projectWide])
        return all.filter { names?.contains($0) ?? true }.map { name in
            ServiceStatus(
                name: name, recorded: document.services[name], target: specs[name]?.target.rawValue,
                environment: specs[name]?.environment, url: specs[name]?.url,
                observed: objects[name] ?? [],
                cost: session.workspace.costs.cost(of: objects[name] ?? []),
                lastStage: specs[name]?.lastStage ?? .serving)
        }
    }
}
