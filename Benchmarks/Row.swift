import Foundation

/// One measured thing.
struct Row: Codable {
    let name: String
    var services: Int?
    var resources: Int?
    let milliseconds: Double?
    /// Requests to the simulated world; nothing for what makes none.
    var requests: Double?
    /// Of the bodies, both ways.
    var bytes: Double?

    static func table(_ rows: [Row]) -> String {
        let cells =
            [["what", "services", "resources", "ms", "requests", "bytes"]]
            + rows.map { row in
                [
                    row.name, row.services.map(String.init) ?? "",
                    row.resources.map(String.init) ?? "", text(row.milliseconds),
                    text(row.requests), row.bytes.map { String(Int($0.rounded())) } ?? "",
                ]
            }
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { cell, width in
                String(repeating: " ", count: width - cell.count) + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// Whole numbers without decimals.
    private static func text(_ number: Double?) -> String {
        guard let number else { return "" }
        return number == number.rounded()
            ? String(Int(number)) : String(format: "%.2f", number)
    }
}
