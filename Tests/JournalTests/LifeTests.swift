import Foundation
import Journal
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct LifeTests {
    private static let address = Address(service: "web", kind: KindName(.aws, "instance"))

    /// A run by somebody, as a test tells it.
    private struct Run {
        let bench: JournalBench
        let writer: any StateWriter

        func intend(_ action: Intent.Action, _ reason: String?) async throws -> Intent {
            let intent = Intent(
                id: bench.random.hexadecimal(8), address: address, action: action,
                startedAt: bench.time.now(), run: "r", reason: reason)
            try await writer.intend(intent)
            return intent
        }

        func record(
            _ id: String, _ attributes: [String: Value], fingerprints: [String: String] = [:]
        ) -> RecordedResource {
            RecordedResource(
                address: address, id: id, attributes: attributes, fingerprints: fingerprints,
                createdAt: bench.time.now(), updatedAt: bench.time.now())
        }
    }

    private static func run(
        _ bench: JournalBench, _ purpose: String = "converge", commit: String? = nil,
        _ body: (Run) async throws -> Void
    ) async throws {
        bench.time.advance(by: .seconds(60))
        let holder = LeaseHolder(
            user: "ada", host: "laptop", pid: 1, runURL: nil, commit: commit)
        let claim = LeaseClaim(holder: holder, purpose: purpose, patience: .zero)
        try await bench.process().exclusively(["web", "api"], claim: claim) {
            try await body(Run(bench: bench, writer: $0))
        }
    }

    private static func words(_ event: LifeEvent) -> String {
        let fields = event.fields.map {
            "\($0.path) "
                + ($0.isSecret
                    ? "secret"
                    : "\(($0.before ?? .null).plainText)>\(($0.after ?? .null).plainText)")
        }
        return
            ([event.kind.rawValue, event.who.commit ?? "-", event.purpose]
            + [event.reason ?? "-", event.id ?? "-"] + fields).joined(separator: " | ")
    }

    @Test func theJournalTellsALife() async throws {
        let life = try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await Self.run(bench, "converge web", commit: "1a2b") { run in
                let made = try await run.intend(.create, "new")
                try await run.writer.settle(
                    made, as: .created(run.record("i-1", ["size": 1], fingerprints: ["seed": "a"])))
                // Another object's life is not this one's.
                try await run.writer.record(.recorded(bench.resource("web", 1)), at: Self.address)
                try await run.writer.record(
                    .recorded(bench.resource("api", 1)),
                    at: Address(service: "api", kind: Self.address.kind))
            }
            try await Self.run(bench, commit: "3c4d") { run in
                let failed = try await run.intend(.update, "size: 1 → 9")
                try await run.writer.settle(failed, as: .unchanged)
                let changed = try await run.intend(.update, "size: 1 → 2")
                try await run.writer.settle(
                    changed,
                    as: .recorded(run.record("i-1", ["size": 2], fingerprints: ["seed": "b"])))
                let boot = try await run.intend(.update, "its boot is over")
                try await run.writer.settle(
                    boot,
                    as: .recorded(run.record("i-1", ["size": 2], fingerprints: ["seed": "b"])))
                try await run.writer.record(
                    .recorded(run.record("i-1", ["size": 3], fingerprints: ["seed": "b"])),
                    at: Self.address)
            }
            try await Self.run(bench) { run in
                let removed = try await run.intend(.delete, "image: a → b")
                try await run.writer.settle(removed, as: .forgotten)
                let made = try await run.intend(.create, "image: a → b")
                try await run.writer.settle(made, as: .created(run.record("i-2", ["size": 3])))
                try await run.writer.record(.forgotten, at: Self.address)
            }
            try await Self.run(bench, "state forget web") { run in
                try await run.writer.record(.recorded(run.record("i-3", [:])), at: Self.address)
                let released = try await run.intend(.release, "let go")
                try await run.writer.settle(released, as: .forgotten)
            }
            try await Self.run(bench) { run in
                _ = try await run.intend(.create, "missing: removed outside of Launch")
            }
            return try await bench.process().life(of: Self.address)
        }
        #expect(
            life.map(Self.words) == [
                "created | 1a2b | converge web | new | i-1",
                "changed | 3c4d | converge | size: 1 → 2 | i-1 | size 1>2 | seed secret",
                "adopted | 3c4d | converge | - | i-1 | size 2>3",
                "deleted | - | converge | image: a → b | i-1",
                "created | - | converge | image: a → b | i-2",
                "gone | - | converge | - | i-2",
                "adopted | - | state forget web | - | i-3",
                "released | - | state forget web | let go | i-3",
                "begun | - | converge | missing: removed outside of Launch | -",
            ])
        #expect(life.map(\.serial) == life.map(\.serial).sorted())
        #expect(Set(life.map(\.at)).count == 5)
    }

    @Test func anotherStateIsPartOfALife() async throws {
        let life = try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await Self.run(bench) { run in
                try await run.writer.record(
                    .recorded(run.record("i-1", ["size": 1])), at: Self.address)
            }
            try await Self.run(bench, "state push") { run in
                var document = try await run.writer.document()
                try await run.writer.replace(with: document)
                document.services["web"]?.resources[0].attributes["size"] = 2
                try await run.writer.replace(with: document)
                document.services["web"] = ServiceState()
                try await run.writer.replace(with: document)
            }
            return try await bench.process().life(of: Self.address)
        }
        #expect(
            life.map(Self.words) == [
                "adopted | - | converge | - | i-1",
                "replaced | - | state push | - | i-1 | size 1>2",
                "replaced | - | state push | - | -",
            ])
    }

    /// Beyond one segment, and beyond what is kept.
    @Test func aLifeReachesAsFarBackAsTheJournal() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(300)
            let address = bench.resource("web", 7).address
            #expect(try await bench.process().life(of: address).count == 300 / 7)
            let unknown = Address(service: "web", kind: KindName(.aws, "bucket"))
            #expect(try await bench.process().life(of: unknown) == [])
        }
    }
}
