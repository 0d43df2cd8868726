import Foundation

/// `make bench`: prints a table and writes the same numbers as JSON.
///
/// Arguments are the parts to measure, all of them without; and where the JSON goes, if it ends
/// in `.json`.
@main
enum Main {
    private enum Part: String, CaseIterable {
        case converge, state, startup
    }

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let path = arguments.last { $0.hasSuffix(".json") } ?? ".build/bench.json"
        let names = arguments.filter { !$0.hasSuffix(".json") }
        let parts = names.compactMap(Part.init)
        guard parts.count == names.count else {
            let known = Part.allCases.map(\.rawValue).joined(separator: " ")
            note("usage: launch-bench [\(known)] [FILE.json]")
            exit(1)
        }
        var rows: [Row] = []
        for part in parts.isEmpty ? Part.allCases : parts { rows += try await measure(part) }
        print(Row.table(rows))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(rows).write(to: URL(fileURLWithPath: path))
        print("As JSON: \(path)")
    }

    private static func measure(_ part: Part) async throws -> [Row] {
        var rows: [Row] = []
        switch part {
        case .converge:
            for count in [10, 100, 1000] {
                note("\(count) services…")
                rows += noted(try await ConvergeBenchmark(services: count).rows())
            }
        case .state:
            rows += noted(try StateDocumentBenchmark().rows())
            for backend in StateBench.Backend.allCases {
                note("opening a state in \(backend.rawValue)…")
                rows += noted(try await StateOpeningBenchmark(backend: backend).rows())
            }
            for count in [10, 1000, 10_000] {
                note("changes among \(count) resources…")
                rows += noted(try await StateTrafficBenchmark(resources: count).rows())
            }
        case .startup: if let row = StartUpBenchmark().row() { rows.append(row) }
        }
        return rows
    }

    /// A long run shows what it has, and keeps it if it is cut off.
    private static func noted(_ rows: [Row]) -> [Row] {
        note(Row.table(rows))
        return rows
    }

    private static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
