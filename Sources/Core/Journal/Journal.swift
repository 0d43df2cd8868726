import Foundation
import Resources

/// The log of one state in an object storage, and what it adds up to.
///
/// Each entry is an object of its own, created at the next position only if none is there: so all
/// writers agree on one order, a write costs no more than what changed, and whatever was written
/// up to some moment can be read. Edits that wait for each other in one process share an entry.
actor Journal {
    let storage: any ObjectStorage
    let keys: JournalKeys
    let time: any TimeSource
    let random: any RandomSource
    var codec: EnvelopeCodec
    var replica: Replica?
    private var synchronised = Date.distantPast
    private var pending: [PendingEdit] = []
    private var outcomes: [Int: Result<Void, any Error>] = [:]
    private var nextEdit = 0
    private var isLocked = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// A replica that has not been compared with the storage for so long is read anew: entries
    /// are kept for much longer than that.
    private static let trust: TimeInterval = 600

    init(
        _ storage: any ObjectStorage, keys: JournalKeys, codec: EnvelopeCodec,
        time: any TimeSource, random: any RandomSource
    ) {
        self.storage = storage
        self.keys = keys
        self.codec = codec
        self.time = time
        self.random = random
    }

    // MARK: - One at a time

    /// Runs `body` while nothing else reads or writes the log in this process.
    func locked<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        if isLocked {
            await withCheckedContinuation { queue.append($0) }
        }
        isLocked = true
        defer {
            if queue.isEmpty { isLocked = false } else { queue.removeFirst().resume() }
        }
        return try await body()
    }

    // MARK: - Reading

    /// How far this process has seen the log go.
    var head: StateMark? { replica?.mark }

    /// The state as it is now; `nil` when nothing was ever written.
    func current() async throws -> Replica? {
        try await locked { try await caughtUp() }
    }

    /// The replica with everything that others have written.
    func caughtUp() async throws -> Replica? {
        if isStale {
            replica = try await load()
        } else {
            try await catchUp()
        }
        synchronised = time.now()
        return replica
    }

    private var isStale: Bool {
        replica == nil || time.now().timeIntervalSince(synchronised) > Self.trust
    }

    // MARK: - Writing

    private struct PendingEdit {
        let number: Int
        let edit: JournalEdit
    }

    /// Makes an edit durable, whether or not the caller is cancelled meanwhile.
    /// - Throws: `StateError`, or `EncodingError` for what no document may hold.
    func append(_ edit: JournalEdit) async throws {
        try Task.checkCancellation()
        try await shielded { try await self.enqueue(edit) }
    }

    private func enqueue(_ edit: JournalEdit) async throws {
        let number = nextEdit
        nextEdit += 1
        pending.append(PendingEdit(number: number, edit: edit))
        // Whoever comes first writes for all who wait.
        await locked { await writePending() }
        try outcomes.removeValue(forKey: number)?.get()
    }

    private func writePending() async {
        while let first = pending.first {
            let batch =
                [first] + pending.dropFirst().prefix { $0.edit.canShare(with: first.edit) }
            pending.removeFirst(batch.count)
            await write(batch)
        }
    }

    private func write(_ batch: [PendingEdit]) async {
        do {
            try await commit(batch.map(\.edit))
            for pending in batch { outcomes[pending.number] = .success(()) }
        } catch let error where batch.count > 1 && error.concernsOneEdit {
            for pending in batch { await write([pending]) }
        } catch {
            for pending in batch { outcomes[pending.number] = .failure(error) }
        }
        // Tidying is for later readers: what was asked for is done.
        try? await tidy()
    }

    func commit(_ edits: [JournalEdit]) async throws {
        if isStale { _ = try await caughtUp() }
        while true {
            guard let replica else { throw missingSnapshot }
            for edit in edits { try edit.proveLeases(on: replica) }
            let entry = JournalEntry(
                edits, on: replica, write: random.hexadecimal(16), at: time.now())
            guard let entry else { return }
            let bytes = try await pack(entry, on: replica)
            if try await put(entry, bytes, at: replica.position + 1, of: edits) {
                synchronised = time.now()
                break
            }
        }
        // A process that was stopped in mid-write may be late: it must not go on.
        for edit in edits { try edit.proveLeases(on: nil) }
    }

    private var missingSnapshot: StateError {
        .corrupt(
            location: codec.place(of: keys.snapshot),
            detail: "it has gone while this run was going on")
    }

    private func pack(_ entry: JournalEntry, on replica: Replica) async throws -> [UInt8] {
        try await codec.pack(
            entry, as: .entry, lineage: entry.lineage,
            position: replica.position + 1, serial: entry.serial)
    }

    /// Has the authors of a write that fails know that it may still arrive.
    private func surely(
        _ edits: [JournalEdit], _ write: () async throws -> WriteResult
    ) async throws -> WriteResult {
        do {
            return try await write()
        } catch {
            for edit in edits { edit.author.noteUnknownOutcome() }
            throw error
        }
    }

    /// Writes an entry at a position if that is free, else takes over what stands there.
    /// - Returns: whether the entry is in the log.
    private func put(
        _ entry: JournalEntry, _ bytes: [UInt8], at position: Int, of edits: [JournalEdit]
    ) async throws -> Bool {
        let key = keys.entry(position)
        let result = try await surely(edits) { try await storage.put(key, bytes, if: .absent) }
        switch result {
        case .written:
            replica?.apply(entry, bytes: bytes.count)
            return true
        case .refused:
            guard let found = try await storage.get(key) else {
                throw StateError.untrustworthy(
                    location: codec.place(of: key),
                    promise: "it says that an object is there, and does not have it")
            }
            // Equal bytes are this very write, whose first answer was lost.
            guard found.bytes != bytes else {
                replica?.apply(entry, bytes: bytes.count)
                return true
            }
            try await take(found, at: position)
            return false
        }
    }
}

extension Error {
    /// True when the other edits of a batch are none the worse for it.
    fileprivate var concernsOneEdit: Bool {
        if case .leaseLost? = self as? StateError { return true }
        return self is EncodingError
    }
}
