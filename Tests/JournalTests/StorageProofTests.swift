import Journal
import Resources
import Simulation
import Synchronization
import TestSupport
import Testing

@Suite struct StorageProofTests {
    private struct Fault: Error {}

    private let random = SeededRandom(seed: 1)

    @Test func anHonestStorePassesInTenRequestsAndIsLeftAsItWas() async throws {
        let objects = InMemoryObjects()
        objects["a"] = [1]
        try await prove(objects)
        #expect(objects.contents == ["a": [1]])
        #expect(objects.traffic.requests == 10)
    }

    @Test(arguments: [
        (
            InMemoryObjects.Lie.ignoresAbsence,
            "it overwrites an object that `If-None-Match: *` should protect"
        ),
        (.ignoresTags, "it overwrites another version than `If-Match` names"),
        (.createsByReplacing, "it makes an object that `If-Match` should only replace"),
        (.reusesTags, "it gives two versions of an object the same tag"),
        (.readsStale, "it does not show what was just written"),
        (.listsLate, "its list does not show an object that was just written"),
        (.forgetsWrites, "it acknowledges a write and keeps nothing of it"),
    ])
    func aLieIsFoundOut(_ lie: InMemoryObjects.Lie, _ promise: String) async throws {
        let objects = InMemoryObjects(lies: [lie])
        await #expect(
            throws: StateError.untrustworthy(location: "memory://bucket", promise: promise)
        ) { try await prove(objects) }
        #expect(objects.contents == [:])
    }

    @Test func aStoreThatDeletesNothingIsFoundOut() async throws {
        let objects = InMemoryObjects(lies: [.keepsDeleted])
        await #expect(
            throws: StateError.untrustworthy(
                location: "memory://bucket", promise: "it shows an object that was just deleted")
        ) { try await prove(objects) }
    }

    /// The store sends a put again when its answer was lost, and hears `.refused`.
    @Test func lostAnswersAreNoLies() async throws {
        let objects = InMemoryObjects()
        try await prove(Stutter(objects: objects))
        #expect(objects.contents == [:])
    }

    /// Each write that is tried, before it takes effect, and each that takes effect, after.
    @Test(arguments: (1...6).map { (true, $0) } + (1...3).map { (false, $0) })
    func nothingStaysBehindWhenARequestFails(before: Bool, number: Int) async throws {
        let writes = Mutex(0)
        let fault: InMemoryObjects.Hook = { _ in
            let write = writes.withLock { writes in
                writes += 1
                return writes
            }
            if write == number { throw Fault() }
        }
        var objects = InMemoryObjects()
        if before { objects.beforeWrite = fault } else { objects.afterWrite = fault }
        await #expect(throws: Fault.self) { try await prove(objects) }
        #expect(objects.contents == [:])
    }

    @Test func nothingStaysBehindWhenCancelled() async throws {
        var objects = InMemoryObjects()
        objects.afterWrite = { _ in
            withUnsafeCurrentTask { $0?.cancel() }
            try Task.checkCancellation()
        }
        let proof = Task { [objects] in try await prove(objects) }
        await #expect(throws: CancellationError.self) { try await proof.value }
        #expect(objects.contents == [:])
    }

    @Test(arguments: [
        (
            InMemoryObjects.Lie.ignoresAbsence,
            "it overwrites an object that `If-None-Match: *` should protect"
        ),
        (.ignoresTags, "it overwrites another version than `If-Match` names"),
        (.reusesTags, "it gives two versions of an object the same tag"),
        (.readsStale, "it does not show what was just written"),
        (.forgetsWrites, "it acknowledges a write and keeps nothing of it"),
    ])
    func aRegistersLieIsFoundOut(_ lie: InMemoryObjects.Lie, _ promise: String) async throws {
        let objects = InMemoryObjects(lies: [lie])
        let lie = StateError.untrustworthy(location: "memory://bucket/scratch", promise: promise)
        await #expect(throws: lie) {
            try await StorageProof.prove(ObjectRegister(objects, key: "scratch"), random: random)
        }
    }

    @Test func aRegisterIsProvedAgainAndAgain() async throws {
        let register = ObjectRegister(InMemoryObjects(), key: "scratch")
        for _ in 1...3 {
            try await StorageProof.prove(register, random: random)
        }
    }

    private func prove(_ storage: any ObjectStorage) async throws {
        try await StorageProof.prove(storage, scratch: "scratch/", random: random)
    }
}

/// Does every put twice and tells of the second.
private struct Stutter: ObjectStorage {
    let objects: InMemoryObjects
    var location: String { objects.location }

    func get(_ key: String) async throws -> StoredObject? { try await objects.get(key) }

    func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        _ = try await objects.put(key, bytes, if: condition)
        return try await objects.put(key, bytes, if: condition)
    }

    func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
        try await objects.list(prefix, after: after)
    }

    func delete(_ key: String) async throws { try await objects.delete(key) }
}
