import ArgumentParser
import Assembly
import Reporting
import Resources

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Shows the life of an object: made and changed by which run, when, why.",
        discussion: """
            It reads the state's journal and asks no cloud. An object that is gone has a life too, \
            as far back as the journal goes.

            Example: launch why web/aws.instance
            """)

    @Argument(help: "The object's address, as `launch state list` prints it.")
    var address: String

    @OptionGroup var global: GlobalOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let store = try Session(global).workspace.store
        let document = try await store.read()
        guard let wanted = Address(address) else { throw document.unknown(address) }
        let record = document.resources[wanted]
        let events = try await store.life(of: wanted)
        guard record != nil || !events.isEmpty else { throw document.unknown(address) }
        let life = LifeReport(wanted, record: record, events: events)
        switch report.format {
        case .text: try report.write(life.text(report.style(global)))
        case .json: try report.write(life.json)
        case .markdown: try report.write(life.markdown)
        }
    }
}
