import AWS
import Foundation
import Resources
package import Services

/// `prices.json`: prices that were fetched, kept beside `launch.yaml` for everybody.
package struct PriceFile: Sendable {
    package static let name = "prices.json"
    private let path: String

    /// - Parameter root: the repository's folder.
    package init(root: String) { path = "\(root)/\(Self.name)" }

    /// What estimates go by: the file, where there is one, before what the program knows.
    /// - Throws: `PriceFileProblem` when it cannot be read.
    package func tables() throws -> [PriceTable] {
        guard FileManager.default.fileExists(atPath: path) else { return .shipped }
        guard let data = FileManager.default.contents(atPath: path),
            let value = Value(json: Array(data))
        else { throw PriceFileProblem(detail: "it is not JSON") }
        do {
            return [try PriceTable(json: value)] + .shipped
        } catch {
            throw PriceFileProblem(detail: "\(error)")
        }
    }

    package func write(_ table: PriceTable) throws {
        let text = table.json.jsonText(pretty: true) + "\n"
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }
}

/// Why `prices.json` is of no use.
package struct PriceFileProblem: Error, CustomStringConvertible {
    let detail: String

    package var description: String { "\(PriceFile.name) cannot be read: \(detail)" }
    package var remedy: String { "Make it anew with `launch prices refresh`, or delete it." }
}
