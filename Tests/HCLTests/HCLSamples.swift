import Foundation
import HCL
import Resources
import Services
import Testing

/// A file of Fixtures, beside which stands what it must come to.
struct Fixture: Sendable, CustomTestStringConvertible {
    private let file: URL
    var testDescription: String { file.lastPathComponent }

    /// Files of nothing but locals and variables, beside their values as Terraform finds them.
    static let valid = folder("valid")
    /// Files with errors, beside a list of these.
    static let invalid = folder("invalid")

    private static func folder(_ name: String) -> [Fixture] {
        let files = Bundle.module.urls(
            forResourcesWithExtension: "hcl", subdirectory: "Fixtures/\(name)")
        return (files ?? []).map { Fixture(file: $0 as URL) }
            .sorted { $0.testDescription < $1.testDescription }
    }

    func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }

    /// What stands in the file beside it.
    func companion(_ type: String) throws -> Data {
        try Data(contentsOf: file.deletingPathExtension().appendingPathExtension(type))
    }

    func value() throws -> Value {
        try JSONDecoder().decode(Value.self, from: try companion("json"))
    }
}

/// All locals of a text, and what is wrong with it.
struct Locals {
    private let nodes: [(name: String, node: HCLNode)]
    let problems: [HCLProblem]

    init(_ text: String) {
        let file = HCLFile(text, name: "main.tf")
        var evaluator = HCLEvaluator(HCLScope([file]))
        nodes = file.body.blocks.filter { $0.type == "locals" }.flatMap(\.body.attributes)
            .map { ($0.name, evaluator.node(of: $0.value, in: file.name)) }
        problems = Set(file.problems + evaluator.problems).sorted {
            ($0.place.line, $0.place.column, $0.message)
                < ($1.place.line, $1.place.column, $1.message)
        }
    }

    /// By name: those that have a literal value.
    var values: [String: Value] {
        nodes.reduce(into: [:]) { values, local in
            values[local.name] = values[local.name] ?? local.node.value
        }
    }

    /// `3:7: message`, line by line.
    var report: String {
        problems.map { "\($0.place.line):\($0.place.column): \($0.message)\n" }.joined()
    }
}
