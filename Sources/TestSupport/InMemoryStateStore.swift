package import Resources

import Foundation
import Synchronization

/// A state store without a disk, for tests of what runs on top of one.
package final class InMemoryStateStore: StateStore {
    private struct Contents {
        var document: StateDocument
        var slots: [String: LeaseSlot] = [:]
    }

    /// Shared by all who have opened the same state.
    private final class Memory: Sendable {
        let contents: Mutex<Contents>

        init(_ contents: Contents) { self.contents = Mutex(contents) }
    }

    private let memory: Memory
    private let terms: LeaseTerms
    private let time: any TimeSource
    private let random: any RandomSource
    private let whenWaiting: @Sendable (Lease) -> Void
    private let beforeWrite: (@Sendable () throws -> Void)?
    private let afterWrite: (@Sendable () throws -> Void)?
    /// Of a process that opened the state; it counts what is done to the leases too.
    private let killSwitch: KillSwitch?

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
        memory = Memory(
            Contents(document: StateDocument(lineage: random.hexadecimal(32), project: project)))
        self.terms = terms
        self.time = time
        self.random = random
        self.whenWaiting = whenWaiting
        self.beforeWrite = beforeWrite
        self.afterWrite = afterWrite
        killSwitch = nil
    }

    private init(
        _ memory: Memory, terms: LeaseTerms, time: any TimeSource, random: any RandomSource,
        killSwitch: KillSwitch
    ) {
        self.memory = memory
        self.terms = terms
        self.time = time
        self.random = random
        self.killSwitch = killSwitch
        whenWaiting = { _ in }
        beforeWrite = nil
        afterWrite = nil
    }

    /// The same state as another process opens it, which `killSwitch` may end.
    package func opened(
        terms: LeaseTerms, random: any RandomSource, killSwitch: KillSwitch
    ) -> InMemoryStateStore {
        InMemoryStateStore(
            memory, terms: terms, time: time, random: random, killSwitch: killSwitch)
    }

    package func read() async throws -> StateDocument { memory.contents.withLock { $0.document } }

    package func leases() async throws -> [Lease] {
        memory.contents.withLock { contents in
            contents.slots.values.compactMap(\.lease).sorted { $0.service < $1.service }
        }
    }

    package func exclusively<Result: Sendable>(
        _ services: Set<String>, claim: LeaseClaim,
        _ body: (any StateWriter) async throws -> Result
    ) async throws -> Result {
        let keeper = LeaseKeeper(
            self, lifetime: terms.lifetime, time: time, random: random, whenWaiting: whenWaiting)
        return try await keeper.holding(services, claim) { leases in
            try await body(Writer(store: self, leases: leases))
        }
    }

    private struct Writer: SliceWriter {
        let store: InMemoryStateStore
        let leases: [Lease]

        func document() async throws -> StateDocument { try await store.read() }

        func edit(
            _ service: String, _ summary: String, _ change: @Sendable (inout ServiceSlice) -> Void
        ) async throws {
            try store.edit(service, under: leases, change)
        }
    }

    private func edit(
        _ service: String, under leases: [Lease], _ change: (inout ServiceSlice) -> Void
    ) throws {
        try beforeWrite?()
        try mortally("write of \(service)") { try replace(service, under: leases, change) }
        try afterWrite?()
    }

    private func replace(
        _ service: String, under leases: [Lease], _ change: (inout ServiceSlice) -> Void
    ) throws {
        try memory.contents.withLock { contents in
            guard let held = contents.slots[service]?.lease,
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
    }

    private func mortally<Result>(_ what: String, _ effect: () throws -> Result) throws -> Result {
        guard let killSwitch else { return try effect() }
        return try killSwitch.passing("state: \(what)", effect)
    }
}

extension InMemoryStateStore: LeaseTable {
    package func claim(
        _ services: Set<String>, _ claim: LeaseClaim
    ) async throws -> LeaseDecision {
        try mortally("claim") { decide(claim, on: services) }
    }

    private func decide(_ claim: LeaseClaim, on services: Set<String>) -> LeaseDecision {
        memory.contents.withLock { contents in
            let decision = terms.decide(
                claim, on: services, slots: contents.slots, at: time.now(),
                newID: { random.hexadecimal(16) })
            guard case .granted(let leases) = decision else { return decision }
            for lease in leases {
                contents.slots[lease.service] = LeaseSlot(
                    generation: lease.generation, lease: lease)
            }
            return decision
        }
    }

    package func renew(_ leases: [Lease]) async throws -> [Lease] {
        try mortally("renewal") {
            change(leases) { $0.renewed(until: terms.expiry(from: time.now())) }
        }
    }

    package func release(_ leases: [Lease]) async throws {
        _ = try mortally("release") { change(leases) { _ in nil } }
    }

    private func change(_ leases: [Lease], _ change: (Lease) -> Lease?) -> [Lease] {
        memory.contents.withLock { contents in
            leases.compactMap { lease in
                guard let held = contents.slots[lease.service]?.lease, held.id == lease.id else {
                    return nil
                }
                contents.slots[lease.service]?.lease = change(held)
                return contents.slots[lease.service]?.lease
            }
        }
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
