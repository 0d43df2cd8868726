import Simulation

/// What a change costs at the state's bucket, the intent and the result together, with its share
/// of segments, snapshots and tidying; and what a run's leases cost.
///
/// Long enough that the whole state is summed up several times, in virtual time so that old
/// objects are removed as well.
struct StateTrafficBenchmark {
    let resources: Int

    func rows() async throws -> [Row] {
        let state = SyntheticState(resources: resources)
        let runs = max(200, resources / 10)
        return try await withVirtualTime { clock in
            let bench = StateBench(.s3, folder: "", time: clock)
            let store = try bench.process()
            try await bench.fill(state, by: store)
            // Until the replacement is in the snapshot and the first segment is full.
            for number in 0..<8 {
                try await bench.run(-number, on: "service-0", by: store)
            }
            _ = bench.traffic.take()
            let start = ContinuousClock.now
            for number in 1...runs {
                let service = state.services[number % state.services.count]
                try await bench.run(number, on: service, pause: .seconds(3), by: store)
            }
            let time = (ContinuousClock.now - start) / .milliseconds(1)
            let traffic = bench.traffic.take()
            return [
                row("state traffic: a change", traffic.journal, time, each: runs * 10),
                row("state traffic: leases of a run", traffic.leases, nil, each: runs),
            ]
        }
    }

    private func row(
        _ name: String, _ traffic: CountingClient.Traffic, _ milliseconds: Double?,
        each count: Int
    ) -> Row {
        Row(
            name: name, resources: resources, milliseconds: milliseconds.map { $0 / Double(count) },
            requests: Double(traffic.requests) / Double(count),
            bytes: Double(traffic.bytes) / Double(count))
    }
}
