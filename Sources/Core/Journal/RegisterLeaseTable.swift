import Foundation
package import Resources
import Synchronization

/// Leases in one document, which is replaced only by who has seen the last one.
///
/// Every function throws `StateError`, or `CancellationError`.
package final class RegisterLeaseTable: LeaseTable {
    private let register: any Register
    private let project: String
    private let digests: any Digesting
    private let terms: LeaseTerms
    private let time: any TimeSource
    private let random: any RandomSource
    private let clockOffset: @Sendable () -> Duration?
    private let stateHead: @Sendable () async -> StateMark?
    /// The document as this process last saw it. It may be old: a write then is refused.
    private let known = Mutex<StoredObject?>(nil)
    private let lastHead = Mutex<StateMark?>(nil)

    /// - Parameters:
    ///   - clockOffset: how far the store's clock is ahead of `time`. Ends of leases are written
    ///     and judged by the store's clock, as far as it is known.
    ///   - stateHead: how far this process has seen the state go.
    package init(
        _ register: any Register, project: String, digests: any Digesting,
        terms: LeaseTerms, time: any TimeSource, random: any RandomSource,
        clockOffset: @escaping @Sendable () -> Duration? = { nil },
        stateHead: @escaping @Sendable () async -> StateMark? = { nil }
    ) {
        self.register = register
        self.project = project
        self.digests = digests
        self.terms = terms
        self.time = time
        self.random = random
        self.clockOffset = clockOffset
        self.stateHead = stateHead
    }

    package var location: String { register.location }

    /// How far the state went when leases were last given back, as this process last saw it.
    package var head: StateMark? { lastHead.withLock { $0 } }

    /// The leases that have not been given back, in order of services.
    package func leases() async throws -> [Lease] {
        try document(in: try await look()).book.leases
    }

    package func claim(_ request: LeaseRequest) async throws -> LeaseDecision {
        var given: LeaseDecision?
        return try await edit { document in
            // An earlier attempt has arrived, though its answer has not.
            let leases = document.book.leases
            if let given, leases.contains(where: { $0.id == request.id }) { return given }
            let decision = try document.book.claim(
                request, under: terms, at: now, location: register.location)
            if case .granted = decision { given = decision }
            return decision
        }
    }

    package func renew(_ leases: [Lease]) async throws -> [Lease] {
        try await edit(from: known.withLock { $0 }) {
            $0.book.renew(leases, until: terms.expiry(from: now))
        }
    }

    package func release(_ leases: [Lease]) async throws {
        let head = await stateHead()
        try await edit { document in
            document.book.release(leases)
            document.head = head?.further(than: document.head) ?? document.head
        }
    }

    package func unlock(_ id: String) async throws -> [Lease] {
        try await edit { $0.book.unlock(id) }
    }

    /// The time by the store's clock.
    private var now: Date {
        time.now().addingTimeInterval((clockOffset() ?? .zero) / .seconds(1))
    }

    // MARK: - Compare and set

    /// Changes the document as one atomic step; a change of nothing writes nothing.
    ///
    /// - Parameters:
    ///   - recent: what to begin with; without it, what is there now.
    ///   - change: made again on the newest one whenever another write came first.
    private func edit<Result>(
        from recent: StoredObject? = nil, _ change: (inout LeaseDocument) throws -> Result
    ) async throws -> Result {
        // Not by the clock: a process that was paused has not been refused for long.
        var patience = terms.lifetime / 2
        var pause = Duration.milliseconds(100)
        var recent = recent
        while true {
            let stored = if let recent { recent } else { try await look() }
            var document = try document(in: stored)
            let before = document
            let result = try change(&document)
            guard document != before else {
                if recent == nil { return result }
                // Only what stands there now tells that there is nothing to do.
                recent = nil
                continue
            }
            document.writeID = random.hexadecimal(16)
            if try await replace(stored, by: try document.bytes(digests)) { return result }
            guard patience > .zero else { throw crowded }
            try await time.sleep(for: pause * random.fraction())
            patience -= pause
            pause = min(pause * 2, .seconds(2))
            recent = nil
        }
    }

    /// - Returns: whether `bytes` stand there now, by this attempt or by one whose answer was lost.
    private func replace(_ old: StoredObject?, by bytes: [UInt8]) async throws -> Bool {
        let condition = old.map { WriteCondition.tag($0.tag) } ?? .absent
        switch try await register.put(bytes, if: condition) {
        case .written(let tag):
            known.withLock { $0 = StoredObject(bytes: bytes, tag: tag) }
            return true
        case .refused: return try await look()?.bytes == bytes
        }
    }

    private func look() async throws -> StoredObject? {
        let found = try await register.get()
        known.withLock { $0 = found }
        return found
    }

    private func document(in stored: StoredObject?) throws -> LeaseDocument {
        guard let stored else { return LeaseDocument(project: project) }
        let document = try LeaseDocument(
            stored.bytes, project: project, location: register.location, digests: digests)
        lastHead.withLock { $0 = document.head }
        return document
    }

    private var crowded: StateError {
        .inaccessible(
            location: register.location, detail: "other runs change its locks again and again",
            remedy: "Run it again when fewer runs are under way.")
    }
}
