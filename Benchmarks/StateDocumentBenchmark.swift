import Resources

/// Writing and reading the whole state as JSON: each the fastest of several runs.
struct StateDocumentBenchmark {
    private static let runs = 5
    private static let resources = 10_000

    func rows() throws -> [Row] {
        let document = SyntheticState(resources: Self.resources).document
        var bytes: [UInt8] = []
        let write = try row("write") { bytes = try StateCoding.bytes(of: document) }
        let read = try row("read") {
            _ = try StateCoding.read(StateDocument.self, from: bytes, location: "bench")
        }
        return [write, read]
    }

    private func row(_ verb: String, _ body: () throws -> Void) throws -> Row {
        let clock = ContinuousClock()
        let times = try (1...Self.runs).map { _ in try clock.measure(body) }
        return Row(
            name: "state document: \(verb)", resources: Self.resources,
            milliseconds: (times.min() ?? .zero) / .milliseconds(1))
    }
}
