import Foundation
import Journal
import Simulation

/// What a new process waits for: opening and reading a state that it does not know, and one
/// change of it. The fastest of several processes each.
struct StateOpeningBenchmark {
    private static let runs = 5
    private static let resources = 10_000

    let backend: StateBench.Backend

    func rows() async throws -> [Row] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("launch-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let state = SyntheticState(resources: Self.resources)
        return try await withVirtualTime { clock in
            let bench = StateBench(backend, folder: folder.path, time: clock)
            let first = try bench.process()
            try await bench.fill(state, by: first)
            for number in 1...20 { try await bench.run(number, on: "service-0", by: first) }
            var reads: [Row] = []
            var changes: [Row] = []
            for number in 1...Self.runs {
                let store = try bench.process()
                reads.append(try await row("open and read", bench) { _ = try await store.read() })
                changes.append(
                    try await row("a run of one change after it", bench) {
                        try await bench.run(-number, on: "service-1", changes: 1, by: store)
                    })
            }
            return [reads, changes].compactMap { rows in
                rows.min { ($0.milliseconds ?? 0) < ($1.milliseconds ?? 0) }
            }
        }
    }

    private func row(
        _ verb: String, _ bench: StateBench, _ body: () async throws -> Void
    ) async throws -> Row {
        _ = bench.traffic.take()
        let start = ContinuousClock.now
        try await body()
        let time = (ContinuousClock.now - start) / .milliseconds(1)
        let traffic = bench.traffic.take()
        let isRemote = backend == .s3
        return Row(
            name: "state in \(backend.rawValue): \(verb)", resources: Self.resources,
            milliseconds: time,
            requests: isRemote
                ? Double(traffic.journal.requests + traffic.leases.requests) : nil,
            bytes: isRemote ? Double(traffic.journal.bytes + traffic.leases.bytes) : nil)
    }
}
