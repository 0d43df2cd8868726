import Foundation
package import Resources

/// The state in any object storage with conditional writes; docs/state.md describes the objects.
package final class JournalStore: StateStore {
    /// What a store is made of.
    package struct Parts: Sendable {
        let storage: any ObjectStorage
        let key: String
        let leases: any Register
        let leaseScratch: (any Register)?
        let project: String
        let cipher: (any StateCipher)?
        let digests: any Digesting

        /// - Parameters:
        ///   - key: the snapshot's; all other objects begin with it.
        ///   - leases: where the leases are; an object beside the others if left out.
        ///   - leaseScratch: one like it, whose value matters to nobody; what is proven of the
        ///     storage holds for leases in it too.
        ///   - cipher: `nil` stores in clear.
        package init(
            _ storage: any ObjectStorage, key: String, leases: (any Register)? = nil,
            leaseScratch: (any Register)? = nil, project: String,
            cipher: (any StateCipher)? = nil, digests: any Digesting
        ) {
            self.storage = storage
            self.key = key
            self.leases = leases ?? ObjectRegister(storage, key: "\(key).leases")
            self.leaseScratch = leaseScratch
            self.project = project
            self.cipher = cipher
            self.digests = digests
        }
    }

    private let parts: Parts
    private let journal: Journal
    private let keys: JournalKeys
    /// Of the snapshot, for people, and for what this machine remembers.
    private let place: String
    private let table: RegisterLeaseTable
    private let keeper: LeaseKeeper
    private let time: any TimeSource
    private let random: any RandomSource
    private let earlierForm: (any EarlierForm)?
    private let memory: (any StateMemory)?

    /// Opens nothing yet: the first run that asks for a lease makes the state.
    /// - Parameters:
    ///   - whenWaiting: told once of each lease that a run waits for.
    ///   - earlierForm: what an older Launch may have left, to begin with.
    ///   - memory: what this machine has seen of states.
    package init(
        _ parts: Parts, terms: LeaseTerms, time: any TimeSource, random: any RandomSource,
        whenWaiting: @escaping @Sendable (Lease) -> Void = { _ in },
        earlierForm: (any EarlierForm)? = nil, memory: (any StateMemory)? = nil
    ) {
        self.parts = parts
        self.time = time
        self.random = random
        self.earlierForm = earlierForm
        self.memory = memory
        keys = JournalKeys(snapshot: parts.key)
        let place = "\(parts.storage.location)/\(parts.key)"
        self.place = place
        let journal = Journal(
            parts.storage, keys: keys,
            codec: EnvelopeCodec(
                project: parts.project, storageLocation: parts.storage.location,
                digests: parts.digests, cipher: parts.cipher),
            time: time, random: random)
        self.journal = journal
        table = RegisterLeaseTable(
            parts.leases, project: parts.project, digests: parts.digests, terms: terms, time: time,
            random: random,
            clockOffset: { parts.storage.clockOffset },
            stateHead: {
                let head = await journal.head
                if let head { memory?.remember(head, of: place) }
                return head
            })
        keeper = LeaseKeeper(
            table, terms: terms, time: time, random: random, whenWaiting: whenWaiting)
    }

    package func read() async throws -> StateDocument {
        if let replica = try await present() { return replica.document }
        let first = try await firstDocument()
        // Another run may have begun the state, and put the earlier form away, in between.
        return try await present()?.document ?? first
    }

    /// The state as it is now, if it is not older than what this machine has seen.
    private func present() async throws -> Replica? {
        guard let replica = try await journal.current() else { return nil }
        let mark = replica.mark
        guard let memory else { return replica }
        try replica.prove(
            notBefore: memory.mark(of: place, lineage: mark.lineage),
            of: memory.witness(of: place, lineage: mark.lineage), at: place)
        memory.remember(mark, of: place)
        return replica
    }

    /// Looks again where the leases tell of a later state: others may just have written it.
    private func proveHead() async throws {
        guard let head = table.head, await journal.head != head else { return }
        let replica = try await journal.current()
        try replica?.prove(
            notBefore: head, of: table.location, at: place)
    }

    /// What a state begins with.
    private func firstDocument() async throws -> StateDocument {
        guard var document = try await earlierForm?.document() else {
            return StateDocument(lineage: random.hexadecimal(32), project: parts.project)
        }
        guard document.project == parts.project else {
            throw StateError.otherProject(
                location: parts.storage.location, found: document.project,
                expected: parts.project)
        }
        document.formatVersion = StateDocument.currentFormat
        return document
    }

    package func exclusively<Result: Sendable>(
        _ services: Set<String>, claim: LeaseClaim,
        _ body: (any StateWriter) async throws -> Result
    ) async throws -> Result {
        let given = try await prepare()
        return try await keeper.holding(services, claim, given: given) { held in
            let writer = JournalWriter(
                journal: journal,
                author: JournalAuthor(held, claim: claim, id: random.hexadecimal(16)))
            try await proveHead()
            try await writer.fence(held.tookOver)
            return try await body(writer)
        }
    }

    /// Makes the state where there is none, and looks whether this machine may write to it.
    /// - Returns: the lease generations that the state has seen.
    private func prepare() async throws -> [String: Int] {
        guard let replica = try await present() else {
            try await journal.begin(with: try await firstDocument())
            try await earlierForm?.retire()
            return [:]
        }
        try checkClock(against: replica.lastWrite)
        return replica.generations
    }

    /// Leases mean nothing when clocks disagree: a state from the future shows that they do.
    private func checkClock(against lastWrite: Date?) throws {
        guard let lastWrite else { return }
        let ahead = lastWrite.timeIntervalSince(time.now())
        guard ahead > LeaseTerms.toleratedSkew else { return }
        throw StateError.wrongClock(
            location: parts.storage.location,
            detail: "the last change of the state lies \(Int(ahead)) seconds ahead of this "
                + "machine's clock")
    }

    package func leases() async throws -> [Lease] { try await table.leases() }

    package func unlock(_ id: String) async throws -> [Lease] { try await table.unlock(id) }

    package func history(of service: String?, limit: Int) async throws -> [HistoryEntry] {
        try await journal.history(of: service, limit: limit)
    }

    package func life(of address: Address) async throws -> [LifeEvent] {
        try await journal.life(of: address)
    }

    package func read(serial: Int) async throws -> StateDocument {
        try await journal.document(at: serial)
    }

    package func prove() async throws -> StateDocument {
        try await StorageProof.prove(parts.storage, scratch: keys.scratch, random: random)
        if let scratch = parts.leaseScratch {
            try await StorageProof.prove(scratch, random: random)
        }
        _ = try await table.leases()
        _ = try await prepare()
        return try await read()
    }

    /// Encrypts the state, and what is kept of its history, under another key. One that was
    /// stopped half-way is completed by doing it again.
    /// - Parameter cipher: `nil` stores in clear from now on.
    package func rekey(to cipher: (any StateCipher)?, claim: LeaseClaim) async throws {
        await journal.accept(cipher)
        let given = try await prepare()
        let services = try await read().knownServices
        try await keeper.holding(services, claim, given: given) { held in
            try await journal.rekey(
                to: cipher,
                by: JournalAuthor(held, claim: claim, id: random.hexadecimal(16)))
        }
    }
}
