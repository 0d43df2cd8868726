import Foundation
import Journal
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct HistoryTests {
    @Test func everyKeptGenerationCanBeReadAgain() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            let store = bench.process()
            var documents: [StateDocument] = []
            for number in 1...300 {
                try await bench.write(1, from: number, by: store)
                documents.append(try await store.read())
            }
            let reader = bench.process()
            for serial in [1, 2, 63, 64, 65, 128, 200, 299, 300] {
                #expect(try await reader.read(serial: serial) == documents[serial - 1])
            }
            #expect(
                await failure { _ = try await reader.read(serial: 301) }
                    == "serial 301 of the state is not kept: there are 0 to 300")
        }
    }

    @Test(arguments: [5, 100, 1000]) func historyTellsTheLatestFirst(limit: Int) async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            for number in 1...150 {
                try await bench.write(
                    1, to: number % 3 == 0 ? "api" : "web", from: number, by: nil)
            }
            let all = try await bench.process().history(of: nil, limit: limit)
            #expect(all.map(\.serial) == Array((1...150).reversed().prefix(limit)))
            let ofAPI = try await bench.process().history(of: "api", limit: limit)
            #expect(
                ofAPI.map(\.serial)
                    == Array((1...150).reversed().filter { $0 % 3 == 0 }.prefix(limit)))
            #expect(
                ofAPI.first
                    == HistoryEntry(
                        serial: 150, at: clock.now(), who: bench.claim().holder,
                        purpose: "converge", changes: ["api/aws.instance/3: recorded"]))
        }
    }

    /// What is old is removed at some time, and what is young is not.
    @Test func retentionIsBounded() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            let store = bench.process()
            for round in 0..<40 {
                try await bench.write(64, from: round * 64 + 1, by: store)
                clock.advance(by: .seconds(1200))
            }
            let keys = bench.objects.contents.keys
            #expect(keys.filter { $0.contains(".journal/") }.count < 1000)
            #expect(keys.filter { $0.contains(".snapshots/") }.count < 12)
            #expect(try await bench.process().read().serial == 40 * 64)
            let oldest = try await bench.process().history(of: nil, limit: 10_000).last?.serial ?? 0
            #expect((1500...2300).contains(oldest), "\(oldest)")
            #expect(try await bench.process().read(serial: 2400).serial == 2400)
        }
    }

    /// At a steady pace nothing piles up, also when every run is a process of its own and leaves
    /// blocks of entries that are in no segment.
    @Test func whatIsRemovedKeepsUpWithWhatIsWritten() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            for round in 0..<100 {
                try await bench.write(50, from: round * 50 + 1)
                clock.advance(by: .seconds(1200))
            }
            let keys = bench.objects.contents.keys
            #expect(keys.filter { $0.contains(".journal/") }.count < 1600)
            #expect(keys.filter { $0.contains(".segments/") }.count < 25)
            #expect(keys.filter { $0.contains(".snapshots/") }.count < 12)
            #expect(try await bench.process().read(serial: 4500).serial == 4500)
        }
    }

    @Test func aReplacementKeepsTheLineage() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(3)
            var other = StateDocument(lineage: "other", serial: 1, project: "acme")
            other.services["api"] = ServiceState(resources: [bench.resource("api", 1)])
            let document = other
            try await bench.process().exclusively(["web", "api"], claim: bench.claim("push")) {
                try await $0.replace(with: document)
            }
            other.serial = 4
            #expect(try await bench.process().read() == other)
            try await bench.write(1, to: "api", from: 2)
            #expect(try await bench.process().read().serial == 5)
            #expect(try await bench.process().read(serial: 3).resources.count == 3)
        }
    }
}
