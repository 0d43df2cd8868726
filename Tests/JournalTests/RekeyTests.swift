import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

/// The state under another key: what opens it, before, after, and when it is stopped half-way.
@Suite struct RekeyTests {
    /// What a state can be kept under; `nil` is in clear.
    private static let changes: [(from: String?, to: String?)] = [
        ("one", "two"), (nil, "two"), ("one", nil), ("one", "one"),
    ]

    private func cipher(_ key: String?, _ random: SeededRandom) -> EnvelopeCipher? {
        key.map {
            EnvelopeCipher(
                CountingWrapping($0, random: random), encryption: AES256GCM(), random: random)
        }
    }

    /// A process that knows `key`.
    private func process(
        _ bench: JournalBench, _ key: String?, objects: InMemoryObjects? = nil
    ) -> JournalStore {
        var bench = bench
        bench.cipher = cipher(key, bench.random)
        return bench.process(objects: objects)
    }

    private func rekey(_ bench: JournalBench, _ store: JournalStore, to key: String?) async throws {
        try await store.rekey(to: cipher(key, bench.random), claim: bench.claim("state rekey"))
    }

    private func opens(_ store: JournalStore) async -> StateDocument? { try? await store.read() }

    @Test(arguments: changes) func theNewKeyAloneOpensStateAndHistory(
        from old: String?, to new: String?
    ) async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(150, by: process(bench, old))
            let document = try await process(bench, old).read()
            let past = try await process(bench, old).read(serial: 70)
            let history = try await process(bench, old).history(of: nil, limit: 1000)

            try await rekey(bench, process(bench, old), to: new)

            #expect(try await process(bench, new).read() == document)
            #expect(try await process(bench, new).read(serial: 70) == past)
            #expect(try await process(bench, new).history(of: nil, limit: 1000) == history)
            if new != old { #expect(await opens(process(bench, old)) == nil) }
            #expect(await opens(process(bench, "three")) == nil)
            try await bench.write(1, from: 151, by: process(bench, new))
            #expect(try await process(bench, new).read().serial == 151)
        }
    }

    /// The same passphrase or KMS key wraps another data key.
    @Test func theDataKeyIsAnotherOne() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(3, by: process(bench, "one"))
            let before = dataKeys(bench)
            try await rekey(bench, process(bench, "one"), to: "one")
            #expect(before.count == 1)
            #expect(dataKeys(bench).count == 1)
            #expect(dataKeys(bench).isDisjoint(with: before))
        }
    }

    private func dataKeys(_ bench: JournalBench) -> Set<String> {
        Set(
            bench.objects.contents.values.compactMap { bytes in
                Value(json: Array(bytes.prefix { $0 != UInt8(ascii: "\n") }))?["encryption"]?[
                    "key"]?["wrapped"]?.string
            })
    }

    /// It holds the lease of a service that nobody has heard of, so nothing waits for it.
    @Test func aRunWithTheOldKeyWritesNoMore() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(3, by: process(bench, "one"))
            let resource = bench.resource("new", 1)
            let said = await failure {
                try await process(bench, "one").exclusively(["new"], claim: bench.claim()) {
                    try await rekey(bench, process(bench, "one"), to: "two")
                    try await $0.record(.recorded(resource), at: resource.address)
                }
            }
            #expect(said.contains("cannot be decrypted"), "\(said)")
            #expect(try await process(bench, "two").read().resources[resource.address] == nil)
        }
    }

    /// It writes after the first object under the new key, and before it could be shut out.
    @Test func whatTheOldKeyWritesMeanwhileIsKept() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(3, by: process(bench, "one"))
            let resource = bench.resource("new", 1)
            try await process(bench, "one").exclusively(["new"], claim: bench.claim()) { writer in
                var objects = bench.objects
                objects.beforeWrite = { key in
                    guard key.contains(".journal/") else { return }
                    try await writer.record(.recorded(resource), at: resource.address)
                }
                try await rekey(bench, process(bench, "one", objects: objects), to: "two")
            }
            #expect(try await process(bench, "two").read().resources[resource.address] == resource)
            #expect(try await process(bench, "two").read().serial == 4)
        }
    }

    /// Another process gathers its journal into a snapshot under the old key, just before.
    @Test func anotherSnapshotUnderTheOldKeyDoesNotStay() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(3, by: process(bench, "one"))
            let before = bench.objects["state"]
            let isFirst = Mutex(true)
            var objects = bench.objects
            objects.beforeWrite = { key in
                let isTime = isFirst.withLock { isFirst in
                    defer { if key == "state" { isFirst = false } }
                    return key == "state" && isFirst
                }
                guard isTime else { return }
                try await bench.write(200, to: "new", by: process(bench, "one"))
                #expect(bench.objects["state"] != before)
            }
            try await rekey(bench, process(bench, "one", objects: objects), to: "two")
            #expect(try await process(bench, "two").read().serial == 203)
            #expect(try await process(bench, "two").read(serial: 100).serial == 100)
            #expect(await opens(process(bench, "one")) == nil)
        }
    }

    /// The new process starts where the old one was killed: the same command completes it.
    @Test(arguments: changes) func stoppedAnywhereItCanBeCompleted(
        from old: String?, to new: String?
    ) async throws {
        let total = try await interrupted(from: old, to: new, at: nil)
        #expect(total > 20)
        for moment in 1...total {
            _ = try await interrupted(from: old, to: new, at: moment)
        }
    }

    /// - Returns: how many moments there are.
    private func interrupted(
        from old: String?, to new: String?, at moment: Int?
    ) async throws -> Int {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(5, by: process(bench, old))
            let document = try await process(bench, old).read()
            let power = KillSwitch(at: moment)
            var mortal = bench.objects
            mortal.beforeWrite = { try power.moment("before \($0)") }
            mortal.afterWrite = { try power.moment("after \($0)") }
            let killed = await failure {
                try await rekey(bench, process(bench, old, objects: mortal), to: new)
            }
            #expect((killed == "no error") == (moment == nil) || moment == power.moments)
            let readers = [await opens(process(bench, old)), await opens(process(bench, new))]
            #expect(readers.contains(document), "neither key opens it, \(power.fate ?? "alive")")

            // What the killed run held ends.
            clock.advance(by: .seconds(120))
            let again = await failure { try await rekey(bench, process(bench, old), to: new) }
            if moment != nil || old == new {
                #expect(again == "no error", "\(power.fate ?? "alive")")
            }
            let reader = process(bench, new)
            #expect(try await reader.read() == document)
            #expect(try await reader.read(serial: 3).serial == 3)
            #expect(try await reader.history(of: nil, limit: 10).map(\.serial) == [5, 4, 3, 2, 1])
            return power.moments
        }
    }
}
