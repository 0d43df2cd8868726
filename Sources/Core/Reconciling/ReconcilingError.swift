package import Planning
package import Resources

/// Why a run did not begin.
package enum ReconcilingError: Error, Hashable, Sendable {
    /// Two objects bear the mark of one address, and the state knows neither.
    case ambiguousMark(Address, ids: [String])
    /// Limits or `protect` stand in the way.
    case refused([PlanViolation])
    /// The plan was not approved.
    case declined
    /// There is a state already, of so many objects.
    case stateInPlace(objects: Int)
    /// An earlier run began to let these services go, and did not see the end of it.
    case halfReleased([String])
}

extension ReconcilingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ambiguousMark(let address, let ids):
            "\(ids.count) objects bear the mark of \(address): \(ids.joined(separator: ", "))"
        case .refused(let violations): violations.map(\.message).joined(separator: "; ")
        case .declined: "nothing was changed"
        case .halfReleased(let services):
            "an earlier run began to let \(services.joined(separator: ", ")) go, and broke off"
        case .stateInPlace(let objects): "the state is there already: it records \(objects) objects"
        }
    }

    package var remedy: String {
        switch self {
        case .ambiguousMark: "Remove the mark from the ones that Launch shall not manage."
        case .refused(let violations): violations.map(\.remedy).joined(separator: " ")
        case .declined: "Run it again to decide anew."
        case .halfReleased(let services):
            "Run `launch state forget \(services.joined(separator: " "))` again, which ends it, or "
                + "take each object back with `launch adopt`."
        case .stateInPlace: "Say --force to replace what the world does not confirm."
        }
    }
}
