package import Planning
package import Resources

/// An object that somebody else made and that is to become one of the specs'.
package struct AdoptionCandidate: Hashable, Sendable {
    package let address: Address
    /// The provider's own identifier.
    package let id: String
    /// What its former owner calls it: `module.web.aws_instance.this`.
    package let origin: String

    package init(_ address: Address, id: String, origin: String) {
        self.address = address
        self.id = id
        self.origin = origin
    }
}

/// Which objects change hands, and what would happen to them then.
package struct AdoptionPlan: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package enum Fate: String, Sendable, CaseIterable {
            /// It gets its marks, and is recorded.
            case adopt
            /// It bears its marks, and is not recorded as it is: an earlier run broke off.
            case record
            /// There is nothing to do.
            case adopted
        }

        package let candidate: AdoptionCandidate
        package let fate: Fate
        /// What the next converge would do with it, and with what belongs to it.
        package let changes: [Change]
    }

    /// By address.
    package let entries: [Entry]
    /// Everything that the next converge of these services would do.
    package let afterwards: Plan

    /// True when there is nothing to write.
    package var isEmpty: Bool { entries.allSatisfy { $0.fate == .adopted } }

    package var summary: [Entry.Fate: Int] {
        entries.reduce(into: [:]) { $0[$1.fate, default: 0] += 1 }
    }
}

/// Why objects cannot be adopted. Nothing was written.
package struct AdoptionRefused: Error, Hashable, Sendable {
    package struct Refusal: Hashable, Sendable {
        /// What its former owner calls it, or where else it stands.
        package let place: String
        package let cause: String
        package let remedy: String

        package init(_ place: String, _ cause: String, remedy: String) {
            self.place = place
            self.cause = cause
            self.remedy = remedy
        }
    }

    /// Never empty.
    package let refusals: [Refusal]

    package init(_ refusals: [Refusal]) { self.refusals = refusals }

    package var remedy: String {
        refusals.map(\.remedy).withoutRepetition.joined(separator: "\n→ ")
    }
}

extension AdoptionRefused: CustomStringConvertible {
    package var description: String {
        "nothing was adopted:\n"
            + refusals.map { "  - \($0.place): \($0.cause)" }.joined(separator: "\n")
    }
}
