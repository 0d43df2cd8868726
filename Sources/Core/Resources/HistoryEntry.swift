package import Foundation

/// One generation of the state: who, when, what.
package struct HistoryEntry: Hashable, Sendable {
    package let serial: Int
    package let at: Date
    package let who: LeaseHolder
    /// What for: "converge web".
    package let purpose: String
    /// The changes, each in a line: "create web/aws.instance: created".
    package let changes: [String]

    package init(
        serial: Int, at: Date, who: LeaseHolder, purpose: String, changes: [String]
    ) {
        self.serial = serial
        self.at = at
        self.who = who
        self.purpose = purpose
        self.changes = changes
    }
}
