import ArgumentParser
import Assembly
import Foundation
import Services

/// Shows the prices that estimates go by, and fetches newer ones.
struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices", abstract: "Shows the prices of plans, and fetches newer ones.",
        discussion: "Example: launch prices refresh", subcommands: [Show.self, Refresh.self],
        defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the known prices of the services' region.",
            discussion: "Example: launch prices show")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let prices = try Session(global).workspace.costs.prices
            let lines = prices.known.map { name, price in
                "\(name.padding(toLength: 24, withPad: " ", startingAt: 0))"
                    + "\(price.usd) USD per \(price.unit.rawValue)\n"
            }
            let sources = prices.sources.map { "\($0.source) (\($0.date))\n" }
            try Terminal.print(
                "Prices of \(prices.region ?? "no region: set targets.aws.region"):\n"
                    + lines.joined() + sources.joined())
        }
    }

    struct Refresh: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetches the prices of the services' region from AWS into prices.json.",
            discussion: """
                It needs the permissions pricing:GetProducts and ec2:DescribeSpotPriceHistory. \
                Commit the file, so that everybody's plans show the same costs.

                Example: launch prices refresh
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var run: RunOptions

        func run() async throws {
            let session = try Session(global, readingPrices: false)
            let table = try await withTimeout(run) { try await session.workspace.fetchPrices() }
            try PriceFile(root: global.directory).write(table)
            let count = table.regions.values.reduce(0) { $0 + $1.count }
            try Terminal.print("\(PriceFile.name): \(count) prices of \(table.date).\n")
        }
    }
}
