package import Resources

import Foundation
import Synchronization

/// A state store without a disk, for tests of what runs on top of one.
package final class InMemoryStateStore: StateStore {
    private struct Contents {
        var document: StateDocument
        var book = LeaseBook()
    }

    private let contents: Mutex<Contents>
    private let terms: LeaseTerms
    private let time: any TimeSource
    private let random: any RandomSource
    private let whenWaiting: @Sendable (Lease) -> Void
    private let beforeWrite: (@Sendable () throws -> Void)?
    private let afterWrite: (@Sendable () throws -> Void)?

    /// - Parameters:
    ///   - terms: without any, every process counts as alive.
    ///   - beforeWrite: runs before each write takes effect; an error stops the write.
    ///   - afterWrite: runs when it has taken effect; an error keeps the writer from hearing.
    package init(
        project: String, time: any TimeSource, random: any RandomSource,
        terms: LeaseTerms = LeaseTerms(isProcessAlive: { _ in true }),
        whenWaiting: @escaping @Sendable (Lease) -> Void = { _ in },
        beforeWrite: (@Sendable () throws -> Void)? = nil,
        afterWrite: (@Sendable () throws -> Void)? = nil
    ) {
        contents = Mutex(
            Contents(document: StateDocument(lineage: random.hexadecimal(32), project: project)))
        self.terms = terms
        self.time = time
        self.random = random
        self.whenWaiting = whenWaiting
        self.beforeWrite = beforeWrite
        self.afterWrite = afterWrite
    }

    package func read() async throws -> StateDocument { contents.withLock { $0.document } }

    package func leases() async throws -> [Lease] {
        contents.withLock { $0.book.leases }
    }

    package func exclusively<Result: Sendable>(
        _ services: Set<String>, claim: LeaseClaim,
        _ body: (any StateWriter) async throws -> Result
    ) async throws -> Result {
        let keeper = LeaseKeeper(
            self, terms: terms, time: time, random: random, whenWaiting: whenWaiting)
        return try await keeper.holding(services, claim) { held in
            try await body(Writer(store: self, held: held))
        }
    }

    private struct Writer: SliceWriter {
        let store: InMemoryStateStore
        let held: HeldLeases

        func document() async throws -> StateDocument { try await store.read() }

        func proveLease(of service: String) throws { try held.proof.check(service) }

        func edit(
            _ service: String, _ summary: String, _ change: @Sendable (inout ServiceSlice) -> Void
        ) async throws {
            try proveLease(of: service)
            try store.edit(service, under: held.leases, change)
        }
    }

    private func edit(
        _ service: String, under leases: [Lease], _ change: (inout ServiceSlice) -> Void
    ) throws {
        try beforeWrite?()
        try contents.withLock { contents in
            guard let held = contents.book.slots[service]?.lease,
                leases.contains(where: { $0.id == held.id })
            else { throw StateError.leaseLost(service: service) }
            let old = contents.document.slice(of: service)
            var new = old
            change(&new)
            guard new != old else { return }
            try new.checkWritable()
            contents.document.replace(new)
            contents.document.serial += 1
        }
        try afterWrite?()
    }
}

extension InMemoryStateStore: LeaseTable {
    package func claim(_ request: LeaseRequest) async throws -> LeaseDecision {
        try contents.withLock { contents in
            try contents.book.claim(
                request, under: terms, at: time.now(), location: "the store in memory")
        }
    }

    package func renew(_ leases: [Lease]) async throws -> [Lease] {
        contents.withLock { $0.book.renew(leases, until: terms.expiry(from: time.now())) }
    }

    package func release(_ leases: [Lease]) async throws {
        contents.withLock { $0.book.release(leases) }
    }

    package func unlock(_ id: String) async throws -> [Lease] {
        contents.withLock { $0.book.unlock(id) }
    }
}

extension ServiceSlice {
    /// - Throws: `EncodingError` for a secret or an unknown value, as a store on disk does.
    fileprivate func checkWritable() throws {
        for value in state.resources.flatMap(\.attributes.values) where !value.isWritable {
            _ = try JSONEncoder().encode(value)
        }
    }
}

extension Value {
    fileprivate var isWritable: Bool {
        switch self {
        case .secret, .template: false
        case .list(let values): values.allSatisfy(\.isWritable)
        case .object(let members): members.values.allSatisfy(\.isWritable)
        default: true
        }
    }
}
