package import Foundation

/// One thing that became of one object, as the state's journal tells it.
package struct LifeEvent: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A run made it.
        case created
        /// A run changed it.
        case changed
        /// It was there, and the state took it in, or took in what it had become.
        case adopted
        /// A run removed it.
        case deleted
        /// A run took the project's marks off, and left it.
        case released
        /// It was found gone.
        case gone
        /// A run began to make, change, remove or release it, and its end is not recorded.
        case begun
        /// Another document was put in the place of the whole state.
        case replaced
    }

    /// One attribute that is not as it was before.
    package struct FieldChange: Hashable, Sendable {
        package let path: String
        /// `nil` for what was not set, and for a secret.
        package let before: Value?
        package let after: Value?
        /// True for a secret: that it changed is all that is known.
        package let isSecret: Bool

        package init(_ path: String, before: Value?, after: Value?, isSecret: Bool = false) {
            self.path = path
            self.before = before
            self.after = after
            self.isSecret = isSecret
        }
    }

    package let kind: Kind
    /// The state's serial from then on.
    package let serial: Int
    package let at: Date
    package let who: LeaseHolder
    /// What the run was for: "converge web".
    package let purpose: String
    /// Why, in the words of the run's plan; `nil` where the journal does not say.
    package let reason: String?
    /// What the provider calls the object; `nil` before it is made.
    package let id: String?
    package let fields: [FieldChange]

    package init(
        _ kind: Kind, serial: Int, at: Date, who: LeaseHolder, purpose: String, reason: String?,
        id: String?, fields: [FieldChange] = []
    ) {
        self.kind = kind
        self.serial = serial
        self.at = at
        self.who = who
        self.purpose = purpose
        self.reason = reason
        self.id = id
        self.fields = fields
    }
}
