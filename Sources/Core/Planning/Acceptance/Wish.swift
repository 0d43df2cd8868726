package import Resources

/// One thing that the specs want otherwise than it is.
package struct Wish: Hashable, Sendable {
    package let address: Address
    /// `nil` when the object as a whole is to be made or to go.
    package let path: String?
    private let value: Value?

    fileprivate init(_ change: Change, _ field: FieldChange) {
        address = change.address
        path = field.path
        value = field.after
    }

    fileprivate init(whole change: Change) {
        address = change.address
        path = nil
        value = .string(change.action.rawValue)
    }
}

extension Planner {
    /// Everything that a plan would do to the world, piece by piece.
    package func wishes(_ input: PlanInput) -> Set<Wish> {
        let changes = plan(input).effective.filter { $0.action != .adopt }
        return Set(
            changes.flatMap { change in
                change.fields.map { Wish(change, $0) }
                    + (change.action == .update ? [] : [Wish(whole: change)])
            })
    }
}
