import Foundation
import Journal
import Resources
import Simulation
import TestSupport
import Testing

/// Objects that were damaged, lost or mixed up: one clear error, and nothing is written. What can
/// be made good is read as it was.
@Suite struct JournalDamageTests {
    typealias Use = DamageBench.Use

    private static let kinds = ["snapshot", "entry", "segment"]

    /// The object of each kind that a reader needs.
    private func key(of kind: String) -> String {
        switch kind {
        case "entry": DamageBench.entry(67)
        case "segment": DamageBench.segment(64)
        default: "state"
        }
    }

    private func unreadable(_ key: String, _ detail: String) -> String {
        "\(DamageBench.place)\(key): the state cannot be read: \(detail)"
    }

    // MARK: - One object

    @Test(arguments: kinds, [false, true])
    func whatIsCutShort(_ kind: String, isEncrypted: Bool) async throws {
        try await withVirtualTime { [self] clock in
            let damaged = try await DamageBench(clock, isEncrypted: isEncrypted)
            let key = key(of: kind)
            let whole = try #require(damaged.contents[key])
            let headerEnd = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
            let lengths = [0, 1, headerEnd / 2, headerEnd, headerEnd + 1, whole.count / 2]
            for length in lengths + [whole.count - 1] {
                var contents = damaged.contents
                contents[key] = Array(whole.prefix(length))
                let detail =
                    length <= headerEnd
                    ? "it is no state of Launch" : "it is damaged: its checksum is another"
                #expect(
                    await damaged.reactions(to: contents) == Use.all(unreadable(key, detail)),
                    "cut to \(length) bytes")
            }
        }
    }

    @Test(arguments: kinds, [false, true])
    func whatHasABitFlipped(_ kind: String, isEncrypted: Bool) async throws {
        try await withVirtualTime { [self] clock in
            let damaged = try await DamageBench(clock, isEncrypted: isEncrypted)
            let key = key(of: kind)
            let whole = try #require(damaged.contents[key])
            let headerEnd = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
            let newer = "\(DamageBench.place)\(key): the state has format "
            let expected: Set = [
                unreadable(key, "it is no state of Launch"),
                unreadable(key, "it is damaged: its checksum is another"),
            ]
            let inBody = stride(from: headerEnd + 1, to: whole.count, by: whole.count / 4)
            for index in Array(stride(from: 0, through: headerEnd, by: 11)) + inBody {
                for bit in 0..<8 {
                    var contents = damaged.contents
                    contents[key]?[index] ^= 1 << bit
                    let reaction = await damaged.reaction(to: contents)
                    // One digit is the format, and it may be read as a later one.
                    #expect(
                        expected.contains(reaction) || reaction.hasPrefix(newer),
                        "bit \(bit) of byte \(index)")
                }
            }
        }
    }

    @Test(arguments: [
        ("state", DamageBench.entry(70), "it is an entry, where a snapshot should be"),
        ("state", DamageBench.segment(64), "it is a segment, where a snapshot should be"),
        (DamageBench.entry(67), DamageBench.entry(66), "it belongs to another position"),
        (DamageBench.entry(67), "state", "it is a snapshot, where an entry should be"),
        (
            DamageBench.segment(64), DamageBench.entry(64),
            "it is an entry, where a segment should be"
        ),
    ])
    func whatIsInTheWrongPlace(_ key: String, _ other: String, _ detail: String) async throws {
        try await withVirtualTime { [self] clock in
            for isEncrypted in [false, true] {
                let damaged = try await DamageBench(clock, isEncrypted: isEncrypted)
                var contents = damaged.contents
                contents[key] = contents[other]
                #expect(await damaged.reactions(to: contents) == Use.all(unreadable(key, detail)))
            }
        }
    }

    @Test func anotherSegmentInItsPlace() async throws {
        try await withVirtualTime { [self] clock in
            let damaged = try await DamageBench(clock)
            var contents = damaged.contents
            contents[DamageBench.segment(128)] = contents[DamageBench.segment(64)]
            #expect(
                await damaged.reactions(to: contents)
                    == Use.all(
                        unreadable(DamageBench.segment(128), "it belongs to another position")))
        }
    }

    // MARK: - Objects that are gone, and some that nobody needs

    private static let fine = "fine"
    private static let noSnapshot =
        "\(DamageBench.place)state: an older copy of the state was put back: there is no snapshot, "
        + "but what follows one"

    struct Loss: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let isGone: @Sendable (String) -> Bool

        init(
            _ description: String, _ text: String, isGone: @escaping @Sendable (String) -> Bool
        ) {
            testDescription = description
            self.text = text
            self.isGone = isGone
        }
    }

    private static let losses = [
        Loss(
            "an entry in the middle",
            "\(DamageBench.place)\(DamageBench.entry(67)): the state cannot be read: it is "
                + "missing, and later ones are there"
        ) { $0 == DamageBench.entry(67) },
        Loss("an entry that is in a segment", fine) { $0 == DamageBench.entry(30) },
        Loss("a segment whose entries are there", fine) { $0.contains(".segments/") },
        Loss(
            "a segment and its first entry",
            "\(DamageBench.place)state: an older copy of the state was put back: the snapshot "
                + "ends at entry 0, and the journal goes on later"
        ) { $0.contains(".segments/") || $0 == DamageBench.entry(1) },
        Loss("all but the journal", "\(noSnapshot) (\(DamageBench.entry(1)))") {
            !$0.contains(".journal/")
        },
        Loss("all but the segments", "\(noSnapshot) (\(DamageBench.segment(64)))") {
            !$0.contains(".segments/")
        },
        Loss("the snapshot", "\(noSnapshot) (\(DamageBench.entry(1)))") { $0 == "state" },
        Loss("the earlier snapshots", fine) { $0.contains(".snapshots/") },
        Loss("the leases", fine) { $0 == "state.leases" },
    ]

    @Test(arguments: losses) func whatIsGone(_ loss: Loss) async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            let left = damaged.contents.filter { !loss.isGone($0.key) }
            #expect(await damaged.reactions(to: left) == Use.all(loss.text))
        }
    }

    /// Nothing says how long the journal was: without its end it is the state of an earlier day.
    @Test func theLastEntriesAreGone() async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            var contents = damaged.contents
            for position in 69...70 { contents[DamageBench.entry(position)] = nil }
            #expect(await damaged.reaction(to: contents) == "wrong: serial 68 of one")
        }
    }

    @Test(arguments: [
        "state.journal/notes.txt", "state.journal/old/\(DamageBench.padded(71))",
        "state.journal/zzz", "state.segments/README", "state.segments/zzz", "state.snapshots/1-2-3",
        "state.snapshots/zzz", "state.journal/99999999999999999999",
        "state.segments/09223372036854775807",
    ])
    func whatIsOfNoUseIsLeftAlone(_ key: String) async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            let contents = damaged.contents.merging([key: Array("hello".utf8)]) { $1 }
            #expect(await damaged.reactions(to: contents) == Use.all(Self.fine))
        }
    }

    @Test func anEntryFarAwayIsAGap() async throws {
        try await withVirtualTime { [self] clock in
            let damaged = try await DamageBench(clock)
            var contents = damaged.contents
            contents[DamageBench.entry(1 << 50)] = contents[DamageBench.entry(70)]
            #expect(
                await damaged.reactions(to: contents)
                    == Use.all(
                        unreadable(
                            DamageBench.entry(71), "it is missing, and later ones are there")))
        }
    }

    // MARK: - Other states

    @Test(arguments: ["state", DamageBench.entry(67), DamageBench.segment(64)])
    func anotherProjects(_ key: String) async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            let theirs = try await DamageBench(clock, project: "zebra").contents
            let text =
                "\(DamageBench.place)\(key): the state belongs to project \"zebra\", not to \"acme\""
            var contents = damaged.contents
            contents[key] = theirs[key]
            #expect(await damaged.reactions(to: contents) == Use.all(text))
            if key == "state" {
                #expect(await damaged.reactions(to: theirs) == Use.all(text))
            }
        }
    }

    @Test(arguments: [
        ("state", 1), (DamageBench.entry(67), 67), (DamageBench.segment(64), 1),
    ])
    func anotherLineages(_ key: String, _ position: Int) async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            let theirs = try await DamageBench(clock, lineage: "two").contents
            var contents = damaged.contents
            contents[key] = theirs[key]
            #expect(
                await damaged.reactions(to: contents)
                    == Use.all(
                        "\(DamageBench.place)\(DamageBench.entry(position)): an older copy of the "
                            + "state was put back: it continues the state of another lineage"))
        }
    }

    @Test(arguments: ["state", DamageBench.entry(67), DamageBench.segment(64)])
    func aNewerFormat(_ key: String) async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            var contents = damaged.contents
            let text = String(decoding: try #require(contents[key]), as: UTF8.self)
            let newer = try #require(text.firstRange(of: "\"format_version\":2"))
            contents[key] = Array(
                text.replacingCharacters(in: newer, with: "\"format_version\":3").utf8)
            #expect(
                await damaged.reactions(to: contents)
                    == Use.all(
                        "\(DamageBench.place)\(key): the state has format 3, written by a newer "
                            + "Launch; this one reads up to format 2"))
        }
    }

    // MARK: - Encryption

    private static let keys: [(isEncrypted: Bool, key: String?, detail: String)] = [
        (true, "two", "not by two"),
        (true, nil, "it is encrypted, and launch.yaml's `state.encryption` names no key"),
        (
            false, "one",
            "it is not encrypted, though launch.yaml's `state.encryption` names a key; "
                + "`launch state rekey` encrypts it"
        ),
    ]

    @Test(arguments: keys)
    func anotherKey(_ isEncrypted: Bool, _ key: String?, _ detail: String) async throws {
        try await withVirtualTime { clock in
            var damaged = try await DamageBench(clock, isEncrypted: isEncrypted)
            let random = damaged.bench.random
            damaged.bench.cipher = key.map { DamageBench.cipher($0, random) }
            #expect(
                await damaged.reactions(to: damaged.contents)
                    == Use.all(
                        "\(DamageBench.place)state: the state cannot be decrypted: \(detail)"))
        }
    }

    /// Who can write objects and knows no key can still give one a true checksum.
    @Test func anotherStatesTextUnderTheSameKey() async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock, isEncrypted: true)
            var contents = damaged.contents
            let entry = DamageBench.entry(67)
            let forged = try #require(contents[entry])
            let end = try #require(forged.firstIndex(of: UInt8(ascii: "\n")))
            contents[entry] = forged[...end] + Array(repeating: 7, count: forged.count - end - 1)
            let reaction = await damaged.reaction(to: contents)
            #expect(
                reaction
                    == "\(DamageBench.place)\(entry): the state cannot be read: it is damaged: "
                    + "its checksum is another")
        }
    }

    // MARK: - Leases

    @Test func leasesThatAreDamaged() async throws {
        try await withVirtualTime { [self] clock in
            let damaged = try await DamageBench(clock)
            let whole = try #require(damaged.contents["state.leases"])
            var reactions: [String: Int] = [:]
            func count(_ leases: [UInt8]) async {
                var contents = damaged.contents
                contents["state.leases"] = leases
                #expect(await damaged.reaction(to: contents, .read) == Self.fine)
                reactions[await damaged.reaction(to: contents, .write), default: 0] += 1
            }
            for length in [0, 1, whole.count / 2, whole.count - 1] {
                await count(Array(whole.prefix(length)))
            }
            for index in whole.indices {
                var leases = whole
                leases[index] ^= 1 << (index % 8)
                await count(leases)
            }
            await count(damaged.contents["state"] ?? [])
            let key = "state.leases"
            let known: Set = [
                unreadable(key, "the document is not JSON"),
                unreadable(key, "the document is damaged: its checksum is another"),
                unreadable(key, "format_version is missing"),
                unreadable(key, "format_version is not an integer"),
                "\(DamageBench.place)\(key): the state has format 3, written by a newer Launch; "
                    + "this one reads up to format 1",
                "\(DamageBench.place)\(key): the state has format 5, written by a newer Launch; "
                    + "this one reads up to format 1",
            ]
            #expect(Set(reactions.keys).subtracting(known) == [])
        }
    }

    @Test func leasesOfAnotherProject() async throws {
        try await withVirtualTime { clock in
            let damaged = try await DamageBench(clock)
            var contents = damaged.contents
            let theirs = try await DamageBench(clock, project: "zebra")
            contents["state.leases"] = theirs.contents["state.leases"]
            #expect(
                await damaged.reaction(to: contents, .write)
                    == "\(DamageBench.place)state.leases: the state belongs to project \"zebra\", "
                    + "not to \"acme\"")
        }
    }

    /// The journal remembers which leases were given, so that a new book begins above them.
    @Test(arguments: [true, false]) func leasesThatAreLost(completely: Bool) async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(1)
            let old = bench.objects["state.leases"]
            for number in 2...5 { try await bench.write(1, from: number) }
            bench.objects["state.leases"] = completely ? nil : old
            try await bench.write(1, from: 6)
            #expect(try await bench.process().read().serial == 6)
        }
    }

    /// Somebody still has a lease that is in no book any more.
    @Test func leasesThatAreLostDuringARun() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(1)
            let problem = await failure {
                try await bench.process().exclusively(["web"], claim: bench.claim()) { writer in
                    bench.objects["state.leases"] = nil
                    try await bench.write(1, from: 2)
                    try await writer.record(
                        .recorded(bench.resource("web", 3)), at: bench.resource("web", 3).address)
                }
            }
            #expect(problem == StateError.leaseLost(service: "web").description)
            #expect(try await bench.process().read().serial == 2)
        }
    }

    // MARK: - Time

    /// The journal goes on where an older snapshot ends, for as long as it is kept.
    @Test func anOlderSnapshotIsPutBack() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            let store = bench.process()
            try await bench.write(3, by: store)
            let older = bench.objects["state"]
            try await bench.write(147, from: 4, by: store)
            let document = try await store.read()
            #expect(bench.objects["state"] != older)
            bench.objects["state"] = older
            #expect(try await bench.process().read() == document)
            try await bench.write(1, from: 151)
            #expect(try await bench.process().read().serial == 151)

            for round in 0..<40 {
                clock.advance(by: .seconds(1200))
                try await bench.write(64, from: 200 + round * 64)
            }
            bench.objects["state"] = older
            let contents = bench.objects.contents
            let text =
                "\(DamageBench.place)state: an older copy of the state was put back: the snapshot "
                + "ends at entry 0, and the journal goes on later"
            #expect(await failure { _ = try await bench.process().read() } == text)
            #expect(await failure { try await bench.write(1, from: 9999) } == text)
            #expect(bench.objects.contents == contents)
        }
    }

    @Test func anEarlierSnapshotInAnothersPlace() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(300)
            let keys = bench.objects.contents.keys.filter { $0.contains(".snapshots/") }.sorted()
            #expect(keys.count > 2)
            bench.objects[keys[1]] = bench.objects[keys[2]]
            let stamp = Int(keys[1].dropFirst("state.snapshots/".count).prefix(20)) ?? 0
            #expect(
                await failure { _ = try await bench.process().read(serial: stamp) }
                    == "\(DamageBench.place)\(keys[1]): the state cannot be read: it belongs to "
                    + "another position")
        }
    }

    @Test(arguments: [3600, -3600]) func aClockAnHourOff(by seconds: Int) async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(1)
            let contents = bench.objects.contents
            let wrong = VirtualClock(
                startingAt: clock.now().addingTimeInterval(TimeInterval(seconds)))
            let problem = await failure {
                try await bench.write(1, from: 2, by: bench.process(time: wrong))
            }
            guard seconds < 0 else {
                // Nobody can tell a fast clock from a state that was left alone for an hour.
                #expect(problem == "no error")
                return
            }
            #expect(
                problem
                    == "memory://bucket: a clock is wrong: the last change of the state lies 3600 "
                    + "seconds ahead of this machine's clock")
            #expect(bench.objects.contents == contents)
        }
    }
}

// MARK: - An older state

/// Who gives leases back tells them how far the state went.
extension JournalDamageTests {
    private func refusal(_ position: Int, known: Int) -> StateError {
        .rolledBack(
            location: "memory://bucket/state",
            detail: "it ends with change \(position) (serial \(position)), and "
                + "memory://bucket/state.leases knows of change \(known) (serial \(known)); if it "
                + "was put back on purpose, remove that witness")
    }

    @Test func itsLastEntriesAreGone() async throws {
        try await withVirtualTime { [self] clock in
            let bench = JournalBench(clock)
            try await bench.write(20)
            for position in 18...20 { bench.objects[DamageBench.entry(position)] = nil }
            let rest = bench.objects.contents.filter { $0.key != "state.leases" }
            for _ in 1...2 {
                await #expect(throws: refusal(17, known: 20)) { try await bench.write(1) }
            }
            #expect(bench.objects.contents.filter { $0.key != "state.leases" } == rest)
        }
    }

    @Test func anOlderWholeWasPutBack() async throws {
        try await withVirtualTime { [self] clock in
            let bench = JournalBench(clock)
            try await bench.write(5)
            var older = bench.objects.contents
            try await bench.write(4, from: 6)
            older["state.leases"] = bench.objects["state.leases"]
            bench.objects.contents = older
            await #expect(throws: refusal(5, known: 9)) { try await bench.write(1) }
            bench.objects["state.leases"] = nil
            try await bench.write(1)
        }
    }

    /// What is gone altogether begins anew, whatever was known of it.
    @Test func nothingIsLeftButTheLeases() async throws {
        try await withVirtualTime { clock in
            let bench = JournalBench(clock)
            try await bench.write(9)
            bench.objects.contents = bench.objects.contents.filter { $0.key == "state.leases" }
            for number in 1...3 { try await bench.write(1, from: number) }
            #expect(try await bench.process().read().serial == 3)
        }
    }
}
