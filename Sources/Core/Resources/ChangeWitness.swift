package import Foundation

/// A provider that keeps a log of who did what.
package protocol ChangeWitness: Provider {
    /// The latest change of each object that was not Launch's own, after it was left.
    ///
    /// Costs a few requests, however many objects there are. What the log does not tell, may not
    /// be asked or would take too long is left out; a call that is cancelled returns what it knows.
    func lastChanges(
        of objects: [ChangedObject], at now: Date
    ) async -> [Address: Attribution]
}

/// Who changed something, and when, as the log of its provider has it.
package struct Attribution: Hashable, Sendable {
    /// As the provider names people and programs.
    package let by: String
    package let at: Date

    package init(by: String, at: Date) {
        self.by = by
        self.at = at
    }
}

/// An object that is not as Launch left it.
package struct ChangedObject: Hashable, Sendable {
    package let address: Address
    package let id: String
    /// What differs of it; empty where it came or went as a whole.
    package let fields: Set<String>
    /// When Launch left it; `nil` for one that it did not make.
    package let since: Date?

    package init(_ address: Address, id: String, fields: Set<String> = [], since: Date?) {
        self.address = address
        self.id = id
        self.fields = fields
        self.since = since
    }

    /// True when what happened at `time` can be what made the difference.
    package func mayHaveChanged(at time: Date) -> Bool { since.map { time >= $0 } ?? true }
}
