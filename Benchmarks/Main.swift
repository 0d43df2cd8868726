import Foundation

/// `make bench`: prints a table and writes the same numbers as JSON.
@main
enum Main {
    static func main() async throws {
        var rows: [Row] = []
        for count in [10, 100, 1000] {
            FileHandle.standardError.write(Data("\(count) services…\n".utf8))
            rows += try await ConvergeBenchmark(services: count).rows()
        }
        rows += try StateDocumentBenchmark().rows()
        if let startUp = StartUpBenchmark().row() { rows.append(startUp) }
        print(Row.table(rows))
        let path = CommandLine.arguments.dropFirst().first ?? ".build/bench.json"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(rows).write(to: URL(fileURLWithPath: path))
        print("As JSON: \(path)")
    }
}

/// One measured thing.
struct Row: Codable {
    let name: String
    let services: Int?
    let milliseconds: Double
    /// Requests to the simulated world; nothing for what makes none.
    let requests: Int?

    static func table(_ rows: [Row]) -> String {
        let cells =
            [["what", "services", "ms", "requests"]]
            + rows.map { row in
                [
                    row.name, row.services.map(String.init) ?? "",
                    String(format: "%.1f", row.milliseconds),
                    row.requests.map(String.init) ?? "",
                ]
            }
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { cell, width in
                String(repeating: " ", count: width - cell.count) + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
