import Foundation
import Resources

/// Writing and reading the whole state as JSON: each the fastest of several runs.
struct StateDocumentBenchmark {
    private static let runs = 5
    private static let services = 1000

    func rows() throws -> [Row] {
        let document = document
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
            name: "state document: \(verb), 10,000 resources", services: Self.services,
            milliseconds: (times.min() ?? .zero) / .milliseconds(1), requests: nil)
    }

    /// Ten objects for each service.
    private var document: StateDocument {
        let names = (0..<Self.services).map { "service-\($0)" }
        return StateDocument(
            lineage: "bench", project: "bench",
            services: Dictionary(uniqueKeysWithValues: names.map { ($0, state(of: $0)) }))
    }

    private func state(of service: String) -> ServiceState {
        let moment = Date(timeIntervalSince1970: 1_790_000_000.25)
        let resources = (0..<10).map { number in
            let address = Address(
                service: service, kind: KindName(.aws, "volume"), key: String(number))
            return RecordedResource(
                address: address, id: "vol-\(number)",
                attributes: [
                    "type": "gp3", "size": 20, "encrypted": true, "throughput": .number(125.5),
                    "tags": ["launch:project=bench", "launch:service=\(service)"],
                    "availability_zone": "eu-central-1a", "kms_key": .null,
                ],
                fingerprints: ["seed": "ab12"], dependencies: [address], createdAt: moment,
                updatedAt: moment)
        }
        return ServiceState(
            specDigest: "d", target: "aws", lastConvergedAt: moment, resources: resources,
            generations: [service: 1],
            timeline: [TimelineEntry(stage: "serving", reachedAt: moment)])
    }
}
