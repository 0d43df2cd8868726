import Journal
import TestSupport
import Testing

@Suite struct InMemoryObjectsTests {
    private struct Kill: Error {}

    @Test(arguments: ObjectStorageContract.Rule.allCases)
    func honourTheContract(_ rule: ObjectStorageContract.Rule) async throws {
        try await ObjectStorageContract { _ in InMemoryObjects() }.check(rule)
    }

    /// Each lie with a rule that finds it out.
    @Test(arguments: [
        (InMemoryBucket.Lie.ignoresAbsence, ObjectStorageContract.Rule.createsOnce),
        (.ignoresTags, .refusesAnOldTag), (.createsByReplacing, .refusesToReplaceNothing),
        (.reusesTags, .namesEachVersion), (.checksTooEarly, .letsOneCreatorWin),
        (.checksTooEarly, .losesNoCount), (.readsStale, .replacesByTag),
        (.listsLate, .listsInOrder), (.listsOnePage, .listsManyKeys),
        (.forgetsWrites, .createsOnce), (.keepsDeleted, .deletes),
    ])
    func aLieBreaksARule(
        _ lie: InMemoryBucket.Lie, _ rule: ObjectStorageContract.Rule
    ) async throws {
        let contract = ObjectStorageContract { _ in InMemoryObjects(lies: [lie]) }
        await #expect(throws: ObjectStorageContract.Violation.self) {
            try await contract.check(rule)
        }
    }

    @Test(arguments: [true, false]) func aKillStrikesBeforeOrAfterTheWrite(before: Bool)
        async throws
    {
        var objects = InMemoryObjects()
        _ = try await objects.put("a", [1], if: .absent)
        let kill: InMemoryObjects.Hook = { _ in throw Kill() }
        if before { objects.beforeWrite = kill } else { objects.afterWrite = kill }
        await #expect(throws: Kill.self) { try await objects.put("b", [2], if: .absent) }
        await #expect(throws: Kill.self) { try await objects.delete("a") }
        #expect(objects.contents == (before ? ["a": [1]] : ["b": [2]]))
    }

    @Test func countTraffic() async throws {
        let objects = InMemoryObjects()
        _ = try await objects.put("a", [1, 2, 3], if: .absent)
        _ = try await objects.put("a", [4], if: .absent)
        _ = try await objects.get("a")
        _ = try await objects.get("b")
        _ = try await objects.list("", after: nil)
        try await objects.delete("a")
        var expected = InMemoryObjects.Traffic()
        (expected.gets, expected.puts, expected.lists, expected.deletes) = (2, 2, 1, 1)
        (expected.bytesRead, expected.bytesWritten) = (3, 4)
        #expect(objects.traffic == expected)
        objects.resetTraffic()
        #expect(objects.traffic.requests == 0)
    }

    @Test func copiesShareTheirObjects() async throws {
        let objects = InMemoryObjects()
        var other = objects
        other.beforeWrite = { _ in throw Kill() }
        objects["a"] = [1]
        #expect(try await other.get("a")?.bytes == [1])
        _ = try await objects.put("b", [2], if: .absent)
        #expect(other.contents == ["a": [1], "b": [2]])
    }
}
