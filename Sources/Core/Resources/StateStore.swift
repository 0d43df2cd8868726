package import Foundation

/// Where the state document lives. SQLite and object stores are equals behind it.
package protocol StateStore: Sendable {
    /// The whole document as it is now; takes no lock. A store that was never written answers
    /// with an empty document and creates nothing.
    /// - Throws: `StateError`
    func read() async throws -> StateDocument

    /// Runs `body` while this run holds the lease of each of `services`.
    ///
    /// Only `body` gets a writer, so only a holder can write. Each write of it is durable by
    /// itself. Leases are renewed while `body` runs and given back when it ends, however it ends.
    /// - Throws: `StateError.locked` when a lease is still another's after `claim.patience`.
    func exclusively<Result: Sendable>(
        _ services: Set<String>, claim: LeaseClaim,
        _ body: (any StateWriter) async throws -> Result
    ) async throws -> Result

    /// Who holds what now.
    func leases() async throws -> [Lease]

    /// Breaks the lease with this id, whose holder can write no more from then on.
    /// - Returns: the leases that were broken; none when nobody holds one of that id.
    func unlock(_ id: String) async throws -> [Lease]

    /// The latest generations, newest first.
    /// - Parameter service: only those that changed it; `nil` is all.
    func history(of service: String?, limit: Int) async throws -> [HistoryEntry]

    /// What became of one object so far, oldest first, as far back as generations are kept.
    func life(of address: Address) async throws -> [LifeEvent]

    /// The document as it was.
    /// - Throws: `StateError.notKept` when the serial is not reached yet, or too old.
    func read(serial: Int) async throws -> StateDocument

    /// Proves, with a scratch object, that the store keeps what it promises, then makes the state
    /// where there is none.
    /// - Returns: what it holds.
    /// - Throws: `StateError.untrustworthy` with the broken promise.
    func prove() async throws -> StateDocument
}

/// Writes of one lease holder. Each call is durable when it returns.
package protocol StateWriter: Sendable {
    /// Who writes.
    var holder: LeaseHolder { get }
    /// The document as this writer sees it.
    func document() async throws -> StateDocument
    /// Announces a mutating call; must return before the call is made.
    func intend(_ intent: Intent) async throws
    /// Closes an intent with what became of the object.
    func settle(_ intent: Intent, as outcome: Outcome) async throws
    /// Writes without a preceding call: an adopted object, or one found gone.
    func record(_ outcome: Outcome, at address: Address) async throws
    /// Changes what is known of a service besides its resources, which stay as they are.
    func describe(
        _ service: String, _ change: @escaping @Sendable (inout ServiceState) -> Void
    ) async throws
    /// Puts another document in the place of the whole one, with its lineage; the serial goes on
    /// from the greater of both. Needs the leases of every service of both.
    func replace(with document: StateDocument) async throws
    /// - Throws: `StateError.leaseLost` when this writer may not act for `service` any more. Asks
    ///   nobody: it is to be called before every call to a provider.
    func proveLease(of service: String) throws
}

/// What became of an object.
package enum Outcome: Hashable, Sendable {
    /// A new object: recorded, and its address's generation grows.
    case created(RecordedResource)
    /// An existing object, changed or adopted.
    case recorded(RecordedResource)
    /// It is gone.
    case forgotten
    /// Nothing happened to it.
    case unchanged
}

/// What a run says of itself when it asks for leases.
package struct LeaseClaim: Hashable, Sendable {
    package let holder: LeaseHolder
    /// "converge", "destroy web".
    package let purpose: String
    /// How long to wait for another holder.
    package let patience: Duration

    package init(holder: LeaseHolder, purpose: String, patience: Duration) {
        self.holder = holder
        self.purpose = purpose
        self.patience = patience
    }
}

/// Who holds a lease.
package struct LeaseHolder: Hashable, Sendable {
    package let user: String
    package let host: String
    package let pid: Int
    /// The page of the CI run's attempt, when there is one.
    package let runURL: String?
    /// The commit that the run works from, where that is known.
    package let commit: String?

    package init(user: String, host: String, pid: Int, runURL: String?, commit: String? = nil) {
        self.user = user
        self.host = host
        self.pid = pid
        self.runURL = runURL
        self.commit = commit
    }
}

/// The right to write one service's state, for a while.
package struct Lease: Hashable, Sendable, Identifiable {
    /// The same for all leases that a run takes at once.
    package let id: String
    package let service: String
    package let holder: LeaseHolder
    package let purpose: String
    package let since: Date
    package let expires: Date
    /// Grows with every new holder; a write under an older one is refused.
    package let generation: Int

    package init(
        id: String, service: String, holder: LeaseHolder, purpose: String, since: Date,
        expires: Date, generation: Int
    ) {
        self.id = id
        self.service = service
        self.holder = holder
        self.purpose = purpose
        self.since = since
        self.expires = expires
        self.generation = generation
    }
}

/// What can be wrong with the state.
package enum StateError: Error, Hashable, Sendable {
    /// Another run holds the lease.
    case locked(Lease)
    /// This run's lease was taken over; it may not write any more.
    case leaseLost(service: String)
    /// The document or database cannot be read as one.
    case corrupt(location: String, detail: String)
    /// Written by a newer Launch.
    case newerFormat(location: String, found: Int, supported: Int)
    /// The place cannot be written: full disk, no permission.
    case unwritable(location: String, detail: String)
    /// The state belongs to another project.
    case otherProject(location: String, found: String, expected: String)
    /// The place is not there, or does not let this user in.
    case inaccessible(location: String, detail: String, remedy: String)
    /// No answer came, after several attempts: a write may or may not have arrived.
    case unreachable(location: String, detail: String)
    /// It is encrypted with another key, or was changed after it was encrypted; or it is not
    /// encrypted though it should be.
    case undecipherable(location: String, detail: String)
    /// An older copy stands where a newer one was.
    case rolledBack(location: String, detail: String)
    /// The store does not keep a promise that the state rests on.
    case untrustworthy(location: String, promise: String)
    /// This machine's clock, or the store's, is wrong by so much that leases mean nothing.
    case wrongClock(location: String, detail: String)
    /// This generation is not there any more, or not yet.
    case notKept(serial: Int, oldest: Int, newest: Int)
    /// `state push` would lose what is there.
    case staleReplacement(detail: String)
}
