import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import TestSupport
import Testing

/// Runs on a slow store, each of which may stand still beyond its lease at any request.
@Suite struct StoppedProcessTests {
    /// Each process adds one to a counter again and again; what was acknowledged must count.
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func noUpdateIsLost(seed: UInt64) async throws {
        let problems = try await withVirtualTime(seed: seed) { clock in
            let bench = JournalBench(clock, seed: seed)
            let acknowledged = try await withThrowingTaskGroup { group in
                for number in 1...Int(2 + seed % 7) {
                    group.addTask { try await count(bench, number, seed: seed) }
                }
                return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
            }
            let audit = try await JournalAudit(bench.objects, key: "state")
            let document = try await bench.process().read()
            return audit.flaws + miscounts(in: audit, acknowledged, document)
        }
        #expect(problems == [])
    }

    private static let services = ["api", "web"]

    private func miscounts(
        in audit: JournalAudit, _ acknowledged: Set<String>, _ document: StateDocument
    ) -> [String] {
        var problems: [String] = []
        for service in Self.services {
            let records = audit.entries.compactMap { $0.records[counter(of: service).description] }
                .compactMap(\.self)
            let numbers = records.compactMap { $0["attributes"]?["number"]?.integer }
            if numbers != Array(1..<numbers.count + 1) {
                problems.append("\(service) was counted as \(numbers)")
            }
            let last = document.resources[counter(of: service)]?.attributes["number"]?.integer
            if last ?? 0 != numbers.count {
                problems.append("\(service) is \(last ?? 0) after \(numbers.count) counts")
            }
        }
        let written = audit.entries.flatMap { $0.records.values }.compactMap { $0?["id"]?.string }
        let lost = acknowledged.subtracting(written).sorted()
        return problems + lost.map { "\($0) was acknowledged, and is not there" }
    }

    /// - Returns: which of its counts the process knows to be written.
    private func count(_ bench: JournalBench, _ number: Int, seed: UInt64) async throws
        -> Set<String>
    {
        let process = StoppableProcess(bench.time, seed: seed * 100 + UInt64(number))
        let store = bench.process(
            objects: DistantObjects(base: bench.objects, process: process), time: process)
        let claim = bench.claim(pid: number, patience: .seconds(36_000))
        var acknowledged: Set<String> = []
        for round in 1...4 {
            let service = Self.services[(number + round) / 2 % 2]
            do {
                try await store.exclusively([service], claim: claim) { writer in
                    for step in 1...3 {
                        let id = "\(number)-\(round)-\(step)"
                        try await increment(service, id, by: writer, bench)
                        acknowledged.insert(id)
                        try await process.think()
                    }
                }
            } catch StateError.leaseLost {
                // The others have gone on without it.
            }
        }
        return acknowledged
    }

    private func increment(
        _ service: String, _ id: String, by writer: any StateWriter, _ bench: JournalBench
    ) async throws {
        let address = counter(of: service)
        let number = try await writer.document().resources[address]?.attributes["number"]?.integer
        let record = RecordedResource(
            address: address, id: id, attributes: ["number": .integer((number ?? 0) + 1)],
            createdAt: bench.time.now(), updatedAt: bench.time.now())
        try await writer.record(.recorded(record), at: address)
    }

    private func counter(of service: String) -> Address {
        Address(service: service, kind: KindName(.aws, "instance"), key: "counter")
    }
}
