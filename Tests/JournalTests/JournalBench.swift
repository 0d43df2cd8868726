import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import TestSupport

/// One state in memory, worked on by as many processes as a test likes.
struct JournalBench: Sendable {
    let objects: InMemoryObjects
    let time: VirtualClock
    let random: SeededRandom
    var cipher: (any StateCipher)?

    init(_ time: VirtualClock, objects: InMemoryObjects = InMemoryObjects(), seed: UInt64 = 1) {
        self.objects = objects
        self.time = time
        random = SeededRandom(seed: seed)
    }

    /// What a new process has.
    func process(
        project: String = "acme", objects: (any ObjectStorage)? = nil,
        time: (any TimeSource)? = nil, earlierForm: (any EarlierForm)? = nil
    ) -> JournalStore {
        JournalStore(
            .init(
                objects ?? self.objects, key: "state", project: project, cipher: cipher,
                digests: OpenSSLDigests()),
            terms: LeaseTerms(isProcessAlive: { _ in true }), time: time ?? self.time,
            random: random, earlierForm: earlierForm)
    }

    func claim(_ purpose: String = "converge", pid: Int = 1, patience: Duration = .zero)
        -> LeaseClaim
    {
        LeaseClaim(
            holder: LeaseHolder(user: "ada", host: "laptop", pid: pid, runURL: nil),
            purpose: purpose, patience: patience)
    }

    /// Writes `count` changes of one service, one after the other.
    func write(
        _ count: Int, to service: String = "web", from first: Int = 1,
        by store: JournalStore? = nil
    ) async throws {
        try await (store ?? process()).exclusively([service], claim: claim()) { writer in
            for number in first..<first + count {
                try await writer.record(
                    .recorded(resource(service, number)), at: resource(service, number).address)
            }
        }
    }

    func resource(_ service: String, _ number: Int, slot: Int? = nil) -> RecordedResource {
        let kind = KindName(.aws, "instance")
        return RecordedResource(
            address: Address(service: service, kind: kind, key: String(slot ?? number % 7)),
            id: "i-\(number)", attributes: ["size": "t3.medium", "number": .integer(number)],
            createdAt: time.now(), updatedAt: time.now())
    }
}

/// A document that an older Launch left.
struct EarlierDocument: EarlierForm {
    let left: StateDocument

    func document() async throws -> StateDocument? { left }
    func retire() async throws {}
}

/// What `body` fails with, as a person reads it.
func failure(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return "no error"
    } catch {
        return "\(error)"
    }
}
