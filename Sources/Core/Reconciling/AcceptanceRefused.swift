package import Resources

/// What is real cannot be taken as what is wanted. Nothing was written.
package struct AcceptanceRefused: Error, Hashable, Sendable {
    /// Why one object, or one field of it, cannot.
    package struct Refusal: Hashable, Sendable {
        package enum Reason: Hashable, Sendable {
            /// No object has that address; the one that was probably meant.
            case unknown(nearest: String?)
            case missing
            case unmanaged
            /// No spec speaks of the object.
            case unwanted
            /// It is what the project has once, which launch.yaml says.
            case projectWide
            /// An earlier run began to change it.
            case unfinished
            /// It is not as it should be beyond what its fields say.
            case fieldless(String)
            /// No key of the spec says that field.
            case unsaid(field: String)
            /// No value of the key leads to what is real.
            case unreached(fields: [String], key: String)
        }

        package let address: Address
        package let reason: Reason

        package init(_ address: Address, _ reason: Reason) {
            self.address = address
            self.reason = reason
        }
    }

    /// In order of address; never empty.
    package let refusals: [Refusal]

    package init(_ refusals: [Refusal]) { self.refusals = refusals }

    package var remedy: String {
        refusals.map(\.remedy).withoutRepetition.joined(separator: "\n→ ")
    }
}

extension AcceptanceRefused: CustomStringConvertible {
    package var description: String {
        "nothing was accepted:\n"
            + refusals.map { "  - \($0.address): \($0.words)" }.joined(separator: "\n")
    }
}

extension AcceptanceRefused.Refusal {
    var words: String {
        switch reason {
        case .unknown(let nearest):
            "no object has that address" + (nearest.map { "; did you mean \($0)?" } ?? "")
        case .missing: "it is gone, and no spec can say that"
        case .unmanaged: "it bears the project's mark, and the state does not know it"
        case .unwanted: "no spec speaks of it"
        case .projectWide: "launch.yaml says it, which is not edited"
        case .unfinished: "an earlier run began to change it, and its end is not recorded"
        case .fieldless(let complaint): complaint
        case .unsaid(let field): "\(field): no key of service.yaml says it"
        case .unreached(let fields, let key):
            "\(fields.joined(separator: ", ")): no value of \"\(key)\" makes just that of it"
        }
    }

    fileprivate var remedy: String {
        switch reason {
        case .unknown: "Name an address that `launch drift` shows as changed."
        case .missing:
            "Take it out of the spec by hand, or have it made anew with"
                + " `launch converge \(address.service)`."
        case .unmanaged, .unfinished:
            "Run `launch converge \(address.service)`, which takes it up."
        case .unwanted: "Run `launch converge`, which takes it down."
        case .projectWide: "Write it into launch.yaml by hand, then run `launch converge`."
        case .fieldless: "Run `launch converge \(address.service)`."
        case .unsaid, .unreached:
            "Revert it with `launch converge \(address.service)`, or let it be for a while with"
                + " `drift.ignore` in launch.yaml."
        }
    }
}

/// The spec says what is real, and the state could not be told.
package struct AcceptanceUnrecorded: Error, Sendable, CustomStringConvertible {
    package let services: Set<String>
    package let cause: any Error

    package var description: String {
        "the spec is written, and what is real could not be recorded: \(cause)"
    }

    package var remedy: String {
        "Run `launch converge \(services.sorted().joined(separator: " "))`, which records it."
    }
}
