import Journal
import Resources

/// The rules about one object.
extension ObjectStorageBench {
    func hasNothingAtFirst() async throws {
        try await require(key, holds: nil)
        try require(try await storage.list(prefix, after: nil), is: [], "the list")
    }

    func createsOnce() async throws {
        let tag = try await create(key, [1])
        try await require(key, holds: [1])
        try require(try await storage.get(key)?.tag, is: tag, "the tag read")
        try await requireRefusal(of: .absent, at: key)
        try await require(key, holds: [1])
    }

    func replacesByTag() async throws {
        let first = try await create(key, [1])
        let second = try await write(key, [2, 2], if: .tag(first))
        try await require(key, holds: [2, 2])
        try await write(key, [], if: .tag(second))
        try await require(key, holds: [])
        let listed = [ListedObject(key: key, size: 0)]
        try require(try await storage.list(prefix, after: nil), is: listed, "the list")
    }

    func refusesAnOldTag() async throws {
        let old = try await create(key, [1])
        try await write(key, [2], if: .tag(old))
        try await requireRefusal(of: .tag(old), at: key)
        let elsewhere = try await create(key + "2", [3])
        try await requireRefusal(of: .tag(elsewhere), at: key)
        try await require(key, holds: [2])
    }

    func refusesToReplaceNothing() async throws {
        let tag = try await create(key, [1])
        try await requireRefusal(of: .tag(tag), at: key + "2")
        try await require(key + "2", holds: nil)
        try await storage.delete(key)
        try await requireRefusal(of: .tag(tag), at: key)
        try await require(key, holds: nil)
    }

    /// Equal bytes may have equal tags.
    func namesEachVersion() async throws {
        var tags = [try await create(key, [0])]
        for number in 1..<10 as Range<UInt8> {
            let newest = WriteCondition.tag(tags[tags.count - 1])
            tags.append(try await write(key, [number], if: newest))
            try require(try await storage.get(key)?.tag, is: tags.last, "the tag read")
        }
        try require(Set(tags).count, is: 10, "the number of tags of ten versions")
    }

    func deletes() async throws {
        try await storage.delete(key)
        try await create(key, [1])
        for _ in 1...2 {
            try await storage.delete(key)
            try await require(key, holds: nil)
            try require(try await storage.list(prefix, after: nil), is: [], "the list")
        }
        try await create(key, [2])
        try await require(key, holds: [2])
    }

    func deletesOnlyThatKey() async throws {
        for key in [key, key + "/below", key + "2"] { try await create(key, [1]) }
        try await storage.delete(key)
        try await require(key, holds: nil)
        try await require(key + "/below", holds: [1])
        try await require(key + "2", holds: [1])
    }

    func keepsAnyKey() async throws {
        let names = [
            "a b", "a+b", "a%20b", "a%2Bb", "ä", "日本", "🚀", "a/b/c", "a//b", "a/", "a.b",
            "a&b=c", "a?b#c", "a\"b'c", "<a>", "a\\b", "a*b", "~a", "a:b@c", "a,b;c", "(a)!$",
        ].map { prefix + $0 }
        for name in names { try await create(name, Array(name.utf8)) }
        for name in names { try await require(name, holds: Array(name.utf8)) }
        let expected = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let listed = try await storage.list(prefix, after: nil)
        try require(listed.map(\.key), is: expected, "the list")
        for name in names { try await storage.delete(name) }
        try require(try await storage.list(prefix, after: nil), is: [], "the list")
    }

    func keepsAnyBytes() async throws {
        let everyByte = (0...255).map(UInt8.init)
        let samples: [[UInt8]] = [
            [], [0], everyByte, Array("\r\n\u{FEFF}ä\n".utf8),
            Array(repeatElement(everyByte, count: 3 * 4096).joined()),
        ]
        for (number, bytes) in samples.enumerated() {
            try await create(key + String(number), bytes)
            try await require(key + String(number), holds: bytes)
        }
        let listed = try await storage.list(prefix, after: nil)
        try require(listed.map(\.size), is: samples.map(\.count), "the listed sizes")
    }
}

/// The rules about lists.
extension ObjectStorageBench {
    func listsInOrder() async throws {
        let names = ["b", "a", "a/b", "a.b", "B", "ä", "a0", "10", "9"]
        try await create("contract2/a", [1])
        for name in names { try await create(prefix + name, Array(name.utf8)) }
        let expected = ["10", "9", "B", "a", "a.b", "a/b", "a0", "b", "ä"].map {
            ListedObject(key: prefix + $0, size: $0.utf8.count)
        }
        try require(try await storage.list(prefix, after: nil), is: expected, "the list")
        try await storage.delete("contract2/a")
    }

    func listsFromAPlaceOn() async throws {
        for name in ["a/1", "a/2", "a/3", "b/1"] { try await create(prefix + name, []) }
        let places: [(String?, [String])] = [
            (nil, ["a/1", "a/2", "a/3"]), ("a/1", ["a/2", "a/3"]), ("a/15", ["a/2", "a/3"]),
            ("a/3", []), ("b", []), ("A", ["a/1", "a/2", "a/3"]),
        ]
        for (place, expected) in places {
            let listed = try await storage.list(prefix + "a/", after: place.map { prefix + $0 })
            try require(
                listed.map(\.key), is: expected.map { prefix + $0 },
                "the list after \(place ?? "nothing")")
        }
    }

    /// More than one page of S3, which has a thousand keys.
    func listsManyKeys() async throws {
        let keys = (1000..<2050).map { prefix + String($0) }
        _ = try await keys.concurrentMap { try await create($0, [1]) }
        let listed = try await storage.list(prefix, after: nil)
        try require(listed.map(\.key), is: keys, "the list")
        let last = try await storage.list(prefix, after: keys[keys.count - 3])
        try require(last.map(\.key), is: keys.suffix(2), "the end of the list")
    }
}

/// The rules about writers that meet.
extension ObjectStorageBench {
    func letsOneCreatorWin() async throws {
        let wins = try await Array(0..<50 as Range<UInt8>).concurrentMap(atOnce: 50) { number in
            try await storage.put(key, [number], if: .absent) != .refused
        }
        let winners = wins.indices.filter { wins[$0] }
        try require(winners.count, is: 1, "the number of creators who won")
        try await require(key, holds: winners.map(UInt8.init))
    }

    func losesNoCount() async throws {
        try await create(key, [0])
        _ = try await Array(1...20).concurrentMap(atOnce: 20) { _ in try await increment() }
        try await require(key, holds: [20])
    }

    /// Each refusal means that another one of the twenty got through; a few more attempts are
    /// for stores that also refuse when two writes only come close.
    private func increment() async throws {
        for _ in 1...100 {
            guard let object = try await storage.get(key) else { break }
            let next = object.bytes.map { $0 + 1 }
            let result = try await storage.put(key, next, if: .tag(object.tag))
            if result != .refused { return }
        }
        throw ObjectStorageContract.Violation(description: "a count never got through")
    }
}
