import Foundation
import Resources

extension Journal {
    /// Entries in a segment: what a reader fetches one by one is never much more than that.
    static let segmentLength = 64
    /// Snapshots that are kept besides the present one, at least.
    private static let keptSnapshots = 4
    /// Nothing younger is removed: a writer that was stopped for so long has lost its leases, and
    /// so cannot take a removed position for a free one.
    private static let keptFor: TimeInterval = 3600
    /// What the journal weighs at least before it is summed up, in bytes: a small state need not be
    /// written anew for each segment.
    private static let leastJournal = 64 << 10
    /// Segments removed for each that is written: whatever has piled up goes away, and no single
    /// write waits long.
    private static let removals = 4

    /// Gathers entries into segments, and those into the snapshot once they weigh twice as much:
    /// each change is written a fixed number of times, however large the state.
    func tidy() async throws {
        guard try await gatherSegments(), let replica else { return }
        if replica.journalBytes >= max(2 * replica.snapshot.bytes, Self.leastJournal) {
            try await writeSnapshot()
        }
        try await retire()
    }

    /// - Returns: whether a segment was complete.
    private func gatherSegments() async throws -> Bool {
        var hasGathered = false
        while let replica, let block = replica.nextBlock(of: Self.segmentLength) {
            let end = block.end
            let bytes = try await codec.pack(
                block.entries, as: .segment, lineage: replica.document.lineage, position: end,
                serial: block.entries.last?.serial ?? 0)
            // One that is there already is the same: its entries never change.
            _ = try await storage.put(keys.segment(endingAt: end), bytes, if: .absent)
            self.replica?.dropTail(through: end)
            hasGathered = true
        }
        return hasGathered
    }

    /// Puts the whole state in the snapshot's place, unless another has done so meanwhile.
    /// - Returns: false when another has.
    @discardableResult func writeSnapshot() async throws -> Bool {
        guard let replica else { return true }
        let snapshot = replica.summed(at: time.now())
        let bytes = try await pack(snapshot)
        _ = try await storage.put(keys.earlierSnapshot(snapshot.stamp), bytes, if: .absent)
        let result = try await storage.put(
            keys.snapshot, bytes, if: .tag(replica.snapshot.tag))
        switch result {
        case .written(let tag):
            self.replica?.snapshot = SnapshotPlace(
                tag: tag, position: snapshot.position, bytes: bytes.count)
            self.replica?.journalBytes = 0
            return true
        case .refused:
            self.replica = try await load()
            return false
        }
    }

    func pack(_ snapshot: Snapshot) async throws -> [UInt8] {
        try await codec.pack(
            snapshot, as: .snapshot, lineage: snapshot.document.lineage,
            position: snapshot.position, serial: snapshot.document.serial)
    }

    /// Removes what neither the present state nor the kept history needs.
    private func retire() async throws {
        let limit = Int(time.now().timeIntervalSince1970 - Self.keptFor)
        let old = try await earlierSnapshots().dropLast(Self.keptSnapshots + 1)
            .filter { $0.second < limit }
        // It stays, as what the history begins with.
        guard let horizon = old.last else { return }
        try await storage.delete(old.dropLast().map(keys.earlierSnapshot))
        let ends = try await storage.list(keys.segments, after: nil, limit: Self.removals + 1)
            .compactMap { keys.position(in: $0.key) }.filter { $0 <= horizon.position }
        guard let first = ends.first, let last = ends.last, first < last else { return }
        // Up to the next segment, for some entries are in none. A segment goes after its entries,
        // so that what is left after a crash is found again.
        let entries = (first - Self.segmentLength + 1)...(last - Self.segmentLength)
        try await storage.delete(entries.map(keys.entry))
        try await storage.delete(ends.dropLast().map(keys.segment))
    }

    /// The snapshots that are kept, oldest first.
    func earlierSnapshots() async throws -> [SnapshotStamp] {
        try await storage.list(keys.earlierSnapshots, after: nil)
            .compactMap { keys.stamp(in: $0.key) }
    }
}

extension Replica {
    /// The first complete block of entries that is in no segment yet.
    fileprivate func nextBlock(of length: Int) -> (entries: [JournalEntry], end: Int)? {
        let before = position - tail.count
        let start = (before + length - 1) / length * length
        guard position >= start + length else { return nil }
        let offset = start - before
        return (Array(tail[offset..<offset + length]), start + length)
    }

    /// Forgets the entries that stand in a segment.
    mutating func dropTail(through end: Int) {
        tail.removeFirst(max(0, end - (position - tail.count)))
    }
}
