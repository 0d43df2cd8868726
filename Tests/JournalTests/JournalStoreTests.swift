import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct JournalStoreTests {
    @Test(arguments: StateStoreContract.Rule.allCases)
    func honoursTheContract(_ rule: StateStoreContract.Rule) async throws {
        let contract = StateStoreContract { clock, terms in
            JournalStore.inMemory(
                InMemoryObjects(), project: StateStoreContract.project, digests: OpenSSLDigests(),
                terms: terms, time: clock, random: SeededRandom(seed: 1))
        }
        try await contract.check(rule)
    }

    /// A process that dies between two writes leaves what was written up to then, and no less.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func whateverWasWrittenCanBeRead(seed: UInt64) async throws {
        try await withVirtualTime { clock in
            let log = WriteLog()
            var bench = JournalBench(clock, seed: seed)
            let objects = bench.objects
            let hook: InMemoryObjects.Hook = { key in
                await log.note(objects.contents, isEntry: key.contains(".journal/"))
            }
            var watched = objects
            watched.afterWrite = hook
            bench.cipher = nil
            let store = bench.process(objects: watched)
            try await bench.write(150, by: store)
            let moments = await log.moments
            for (contents, entries) in moments where contents["state"] != nil {
                let copy = InMemoryObjects()
                copy.contents = contents
                let document = try await bench.process(objects: copy).read()
                #expect(document.serial == entries)
            }
            #expect(moments.count > 150)
        }
    }

    private actor WriteLog {
        private(set) var moments: [(contents: [String: [UInt8]], entries: Int)] = []
        private var entries = 0

        func note(_ contents: [String: [UInt8]], isEntry: Bool) {
            if isEntry { entries += 1 }
            moments.append((contents, entries))
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func processesOnDifferentServicesLoseNoUpdate(seed: UInt64) async throws {
        let documents = try await withVirtualTime(seed: seed) { clock in
            var objects = InMemoryObjects()
            let random = SeededRandom(seed: seed)
            objects.beforeWrite = { _ in
                try await clock.sleep(for: .milliseconds(Int(random.next() % 50)))
            }
            let bench = JournalBench(clock, objects: objects, seed: seed)
            let services = (1...8).map { "service-\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in services {
                    group.addTask {
                        try await bench.process().exclusively([service], claim: bench.claim()) {
                            writer in
                            try await withThrowingTaskGroup(of: Void.self) { group in
                                for number in 1...20 {
                                    let resource = bench.resource(service, number, slot: number)
                                    group.addTask {
                                        try await writer.record(
                                            .created(resource), at: resource.address)
                                    }
                                }
                                try await group.waitForAll()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            return [try await bench.process().read()]
        }
        let document = try #require(documents.first)
        #expect(document.resources.count == 160)
        #expect(
            document.services.values.map { $0.generations.values.reduce(0, +) }
                == Array(repeating: 20, count: 8))
    }

    /// The answer to a write is lost, and the write is sent again: it is recognised as the same.
    @Test func aLostAnswerIsRecognisedAsOnesOwn() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            let forgetful = ForgetfulObjects(base: bench.objects)
            let store = JournalStore(
                .init(
                    forgetful, key: "state", project: "acme", digests: OpenSSLDigests()),
                terms: LeaseTerms(isProcessAlive: { _ in true }), time: clock,
                random: bench.random)
            try await bench.write(10, by: store)
            let document = try await bench.process().read()
            #expect(document.serial == 10)
            #expect(document.resources.values.map(\.id).sorted().last == "i-9")
        }
    }

    /// Writes twice and tells of the second attempt, as a client does that heard nothing.
    private struct ForgetfulObjects: ObjectStorage {
        let base: InMemoryObjects
        var location: String { base.location }

        func get(_ key: String) async throws -> StoredObject? { try await base.get(key) }
        func put(
            _ key: String, _ bytes: [UInt8], if condition: WriteCondition
        ) async throws -> WriteResult {
            _ = try await base.put(key, bytes, if: condition)
            return try await base.put(key, bytes, if: condition)
        }
        func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
            try await base.list(prefix, after: after)
        }
        func delete(_ key: String) async throws { try await base.delete(key) }
    }

    /// A change is written four times over at most, by itself, in a segment and in its share of two
    /// snapshots; a small state's snapshots hardly count. So the cost ends to grow with the size.
    @Test func aWriteCostsWhatItChanges() async throws {
        let small = try await costOfWrites(among: 10)
        let medium = try await costOfWrites(among: 250)
        let large = try await costOfWrites(among: 1000)
        #expect(large.bytesWritten * 4 < small.bytesWritten * 9, "\(small), \(large)")
        #expect(large.bytesWritten * 10 < medium.bytesWritten * 13, "\(medium), \(large)")
        for cost in [small, medium, large] {
            #expect(cost.bytesWritten < Self.writes * 3000, "\(cost)")
            #expect(cost.requests < Self.writes * 11 / 10, "\(cost)")
        }
    }

    private static let writes = 1280

    private func costOfWrites(among resources: Int) async throws -> InMemoryObjects.Traffic {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            let document = StateDocument(
                lineage: "l", project: "acme",
                services: [
                    "other": ServiceState(
                        resources: (1...resources).map { bench.resource("other", $0, slot: $0) })
                ])
            let store = bench.process(earlierForm: EarlierDocument(left: document))
            try await bench.write(1, by: store)
            bench.objects.resetTraffic()
            try await bench.write(Self.writes, from: 2, by: store)
            let traffic = bench.objects.traffic
            bench.objects.resetTraffic()
            _ = try await bench.process().read()
            #expect(bench.objects.traffic.requests < 80, "\(bench.objects.traffic)")
            return traffic
        }
    }

    @Test func aLateWriterMeetsTheFence() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            // The paused one's clock stands still, so that it believes in its lease.
            let paused = VirtualClock(startingAt: clock.now())
            let problem = await failure {
                try await bench.process(time: paused).exclusively(["web"], claim: bench.claim()) {
                    writer in
                    try await writer.record(
                        .recorded(bench.resource("web", 1)), at: bench.resource("web", 1).address)
                    clock.advance(by: .seconds(120))
                    try await bench.process().exclusively(
                        ["web"], claim: bench.claim(pid: 2)
                    ) { _ in
                        try await writer.record(
                            .recorded(bench.resource("web", 2)),
                            at: bench.resource("web", 2).address)
                    }
                }
            }
            #expect(problem == StateError.leaseLost(service: "web").description)
            let serial = try await bench.process().read().serial
            #expect(serial == 1)
        }
    }

    /// A write that its run gave up on may arrive when the next run is at work: it is shut out.
    @Test func whatMayStillArriveIsShutOut() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(1)
            var dropping = bench.objects
            dropping.beforeWrite = { key in
                if key.contains(".journal/") {
                    throw StateError.unreachable(location: "here", detail: "no answer")
                }
            }
            let problem = await failure {
                try await bench.write(1, from: 2, by: bench.process(objects: dropping))
            }
            try await bench.process().exclusively(["web"], claim: bench.claim(pid: 2)) { _ in }
            let entries = bench.objects.contents.keys.filter { $0.contains(".journal/") }.sorted()
            let fence = try #require(entries.last.flatMap { bench.objects[$0] })
            #expect(problem == "here: the state store does not answer: no answer")
            #expect(entries.count == 2)
            #expect(String(decoding: fence, as: UTF8.self).contains("taken over: web"))
        }
    }
}
