import Foundation
import Resources

/// An entry with where it was read.
private struct FoundEntry: Sendable {
    let position: Int
    let entry: JournalEntry
    let bytes: Int
}

extension Journal {
    /// Reads snapshot, segments and entries; `nil` when there is no state.
    func load() async throws -> Replica? {
        guard let stored = try await presentSnapshot() else { return nil }
        var replica = try await open(stored, key: keys.snapshot)
        let ends = try await positions(
            in: keys.segments, after: keys.segment(endingAt: replica.position))
        let covered = max(replica.position, ends.last ?? 0)
        let head = try await positions(in: keys.entries, after: keys.entry(covered)).last
        for found in try await pieces(
            from: replica.position + 1, through: head ?? covered, segments: ends)
        {
            try replica.take(found, at: codec.place(of: keys.entry(found.position)))
        }
        if let last = ends.last { replica.dropTail(through: last) }
        return replica
    }

    /// - Throws: `StateError.rolledBack` when it is gone and what belongs to it is not.
    private func presentSnapshot() async throws -> StoredObject? {
        if let stored = try await storage.get(keys.snapshot) { return stored }
        for prefix in [keys.entries, keys.segments, keys.earlierSnapshots] {
            guard let left = try await storage.list(prefix, after: nil).first else { continue }
            // Another run may have begun the state in this moment.
            if let stored = try await storage.get(keys.snapshot) { return stored }
            throw StateError.rolledBack(
                location: codec.place(of: keys.snapshot),
                detail: "there is no snapshot, but what follows one (\(left.key))")
        }
        return nil
    }

    func open(_ stored: StoredObject, key: String) async throws -> Replica {
        let (header, snapshot) = try await codec.open(
            stored.bytes, as: .snapshot, key: key, type: Snapshot.self)
        guard header.position == snapshot.position, header.serial == snapshot.document.serial,
            header.lineage == snapshot.document.lineage
        else {
            throw StateError.corrupt(
                location: codec.place(of: key), detail: "its header belongs to another snapshot")
        }
        return Replica(
            snapshot,
            place: SnapshotPlace(
                tag: stored.tag, position: snapshot.position, bytes: stored.bytes.count))
    }

    /// What entries or segments there are, in order.
    private func positions(in prefix: String, after key: String) async throws -> [Int] {
        try await storage.list(prefix, after: key).compactMap { keys.position(in: $0.key) }
    }

    /// Applies what others have written since the last look.
    func catchUp() async throws {
        while let position = replica?.position {
            guard let found = try await storage.get(keys.entry(position + 1)) else { return }
            try await take(found, at: position + 1)
            let further = try await positions(
                in: keys.entries, after: keys.entry(position + 1))
            guard let head = further.last else { return }
            for found in try await pieces(from: position + 2, through: head, segments: []) {
                try replica?.take(found, at: codec.place(of: keys.entry(found.position)))
            }
        }
    }

    /// Applies another writer's entry.
    func take(_ stored: StoredObject, at position: Int) async throws {
        let found = try await entry(stored, at: position)
        try replica?.take(found, at: codec.place(of: keys.entry(position)))
    }

    /// Entries in order of position, from segments where there are any.
    private func pieces(
        from first: Int, through last: Int, segments ends: [Int]
    ) async throws -> [FoundEntry] {
        async let inSegments = ends.concurrentMap { try await self.segment(endingAt: $0) }
        var next = first
        var alone: [FoundEntry] = []
        for end in ends {
            alone += try await entries(next..<max(next, end - Self.segmentLength + 1), first)
            next = end + 1
        }
        alone += try await entries(next..<max(next, last + 1), first)
        return try await (inSegments.flatMap { $0 }.filter { $0.position >= first } + alone)
            .sorted { $0.position < $1.position }
    }

    /// Entries that are in no segment. What is missing ends it early, however far they go.
    private func entries(_ range: Range<Int>, _ first: Int) async throws -> [FoundEntry] {
        var found: [FoundEntry] = []
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.segmentLength) {
            let block = start..<min(start + Self.segmentLength, range.upperBound)
            found += try await Array(block).concurrentMap { position in
                guard let stored = try await self.storage.get(self.keys.entry(position)) else {
                    throw self.gap(at: position, first: first)
                }
                return try await self.entry(stored, at: position)
            }
        }
        return found
    }

    private nonisolated func gap(at position: Int, first: Int) -> StateError {
        position == first
            ? .rolledBack(
                location: "\(storage.location)/\(keys.snapshot)",
                detail: "the snapshot ends at entry \(first - 1), and the journal goes on later")
            : .corrupt(
                location: "\(storage.location)/\(keys.entry(position))",
                detail: "it is missing, and later ones are there")
    }

    private func entry(_ stored: StoredObject, at position: Int) async throws -> FoundEntry {
        let key = keys.entry(position)
        let (header, entry) = try await codec.open(
            stored.bytes, as: .entry, key: key, type: JournalEntry.self)
        guard header.position == position, header.serial == entry.serial,
            header.lineage == entry.lineage
        else {
            throw StateError.corrupt(
                location: codec.place(of: key), detail: "it belongs to another position")
        }
        return FoundEntry(position: position, entry: entry, bytes: stored.bytes.count)
    }

    private func segment(endingAt last: Int) async throws -> [FoundEntry] {
        let key = keys.segment(endingAt: last)
        guard let stored = try await storage.get(key) else {
            throw StateError.corrupt(location: codec.place(of: key), detail: "it is missing")
        }
        return try await segment(stored, endingAt: last)
    }

    private func segment(_ stored: StoredObject, endingAt last: Int) async throws -> [FoundEntry] {
        let key = keys.segment(endingAt: last)
        let (header, entries) = try await codec.open(
            stored.bytes, as: .segment, key: key, type: [JournalEntry].self)
        guard header.position == last, entries.count == Self.segmentLength else {
            throw StateError.corrupt(
                location: codec.place(of: key), detail: "it belongs to another position")
        }
        return entries.enumerated().map { index, entry in
            FoundEntry(
                position: last - Self.segmentLength + 1 + index, entry: entry,
                bytes: stored.bytes.count / Self.segmentLength)
        }
    }
}

extension Journal {
    /// Entries of one segment's range that may have been removed since; `nil` when they were.
    func kept(from first: Int, through last: Int) async throws -> [JournalEntry]? {
        let end = (first + Self.segmentLength - 1) / Self.segmentLength * Self.segmentLength
        if let stored = try await storage.get(keys.segment(endingAt: end)) {
            return try await segment(stored, endingAt: end)
                .filter { (first...last).contains($0.position) }.map(\.entry)
        }
        let found = try await Array(first...last).concurrentMap { position in
            guard let stored = try await self.storage.get(self.keys.entry(position)) else {
                return FoundEntry?.none
            }
            return try await self.entry(stored, at: position)
        }
        let entries = found.compactMap { $0?.entry }
        return entries.count == found.count ? entries : nil
    }
}

extension Replica {
    /// Applies the entry that follows.
    fileprivate mutating func take(_ found: FoundEntry, at location: String) throws {
        guard found.position == position + 1 else {
            throw StateError.corrupt(
                location: location, detail: "it does not follow entry \(position)")
        }
        guard found.entry.lineage == document.lineage else {
            throw StateError.rolledBack(
                location: location, detail: "it continues the state of another lineage")
        }
        guard found.entry.serial >= document.serial else {
            throw StateError.rolledBack(
                location: location,
                detail: "it has serial \(found.entry.serial), after \(document.serial)")
        }
        apply(found.entry, bytes: found.bytes)
    }
}
