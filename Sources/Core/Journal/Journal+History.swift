import Foundation
import Resources

extension Journal {
    /// Makes the first snapshot; another's that came first stays.
    func begin(with document: StateDocument) async throws {
        try await locked {
            let snapshot = Snapshot(
                at: time.now(), position: 0, generations: [:], document: document)
            let bytes = try await pack(snapshot)
            if case .written = try await storage.put(keys.snapshot, bytes, if: .absent) {
                _ = try await storage.put(
                    keys.earlierSnapshot(snapshot.stamp), bytes, if: .absent)
            }
            replica = nil
            _ = try await caughtUp()
        }
    }

    /// The latest generations, newest first.
    func history(of service: String?, limit: Int) async throws -> [HistoryEntry] {
        try await entries(limit: limit) { entry in
            entry.changesDocument && (service.map(entry.concerns) ?? true)
        }.map(\.history)
    }

    /// What became of one object so far, oldest first.
    func life(of address: Address) async throws -> [LifeEvent] {
        var life = Life(of: address)
        for entry in try await entries(where: { $0.concerns(address.service) }).reversed() {
            life.take(entry)
        }
        return life.events
    }

    /// The latest entries of those that are wanted, newest first.
    private func entries(
        limit: Int = .max, where isWanted: (JournalEntry) -> Bool
    ) async throws -> [JournalEntry] {
        try await locked {
            guard let replica = try await caughtUp() else { return [] }
            var found = replica.tail.reversed().filter(isWanted)
            var end = replica.position - replica.tail.count
            while found.count < limit, end > 0 {
                let start = (end - 1) / Self.segmentLength * Self.segmentLength
                guard let entries = try await kept(from: start + 1, through: end) else { break }
                found += entries.reversed().filter(isWanted)
                end = start
            }
            return Array(found.prefix(limit))
        }
    }

    /// The document as it was at `serial`.
    func document(at serial: Int) async throws -> StateDocument {
        try await locked {
            guard let replica = try await caughtUp() else {
                throw StateError.notKept(serial: serial, oldest: 0, newest: 0)
            }
            if serial == replica.document.serial { return replica.document }
            let stamps = try await earlierSnapshots()
            let oldest = stamps.first?.serial ?? replica.document.serial
            guard let base = stamps.last(where: { $0.serial <= serial }),
                serial < replica.document.serial
            else {
                throw StateError.notKept(
                    serial: serial, oldest: oldest, newest: replica.document.serial)
            }
            return try await replay(base, until: serial, through: replica.position)
        }
    }

    private func replay(
        _ base: SnapshotStamp, until serial: Int, through last: Int
    ) async throws -> StateDocument {
        let key = keys.earlierSnapshot(base)
        guard let stored = try await storage.get(key) else {
            throw StateError.notKept(serial: serial, oldest: base.serial, newest: base.serial)
        }
        var past = try await open(stored, key: key)
        guard past.position == base.position, past.document.serial == base.serial else {
            throw StateError.corrupt(
                location: codec.place(of: key), detail: "it belongs to another position")
        }
        while past.position < last, past.document.serial < serial {
            let blockEnd = (past.position / Self.segmentLength + 1) * Self.segmentLength
            let entries = try await kept(from: past.position + 1, through: min(last, blockEnd))
            guard let entries else {
                throw StateError.notKept(serial: serial, oldest: base.serial, newest: base.serial)
            }
            for entry in entries where entry.serial <= serial { past.apply(entry, bytes: 0) }
            if (entries.last?.serial ?? 0) > serial { break }
        }
        return past.document
    }

    // MARK: - Another key

    /// Reads under another key as well: an earlier change to it may have been stopped half-way.
    func accept(_ cipher: (any StateCipher)?) { codec.otherCiphers.append(cipher) }

    /// Writes everything anew under another key. The present state comes first, by one
    /// replacement of the snapshot, so that one of the keys always opens a whole state, unless
    /// another run wrote under the old key at that very moment: then both together do.
    func rekey(to cipher: (any StateCipher)?, by author: JournalAuthor) async throws {
        try await locked {
            _ = try await caughtUp()
            codec.otherCiphers = [codec.cipher]
            codec.cipher = cipher
            while try await !writeSnapshot() {}
            // Whoever still writes under the old key meets this, and cannot go on.
            try await commit([
                JournalEdit(
                    author: author, summary: "another key",
                    body: .fence(Set(author.generations.keys)))
            ])
            try await writeSnapshot()
            for key in try await historyKeys() { try await reseal(key) }
        }
    }

    private func historyKeys() async throws -> [String] {
        var all: [String] = []
        for prefix in [keys.earlierSnapshots, keys.segments, keys.entries] {
            all += try await storage.list(prefix, after: nil).map(\.key)
        }
        return all
    }

    private func reseal(_ key: String) async throws {
        guard let stored = try await storage.get(key) else { return }
        let bytes = try await codec.resealed(stored.bytes, key: key)
        _ = try await storage.put(key, bytes, if: .tag(stored.tag))
    }
}
