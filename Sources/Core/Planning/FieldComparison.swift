import Resources

/// Compares one object with what is wanted of it, field by field, as its kind declares.
struct FieldComparison {
    let kind: ResourceKind
    let fingerprints: any Fingerprinting

    /// The fields of `desired` that the object does not have as wanted.
    func changes(
        from observed: ObservedResource, recorded: RecordedResource?, to desired: Resource
    ) -> [FieldChange] {
        kind.fields.compactMap { field in
            guard let wanted = desired[field.name],
                field.traits.isDisjoint(with: [.computed, .createOnly, .lasting])
            else { return nil }
            if field.traits.contains(.secret) {
                return secretChange(field, wanted, of: observed, recorded: recorded)
            }
            let actual: Value?
            if field.traits.contains(.unobservable) {
                guard let left = recorded?.attributes[field.name] else { return nil }
                actual = left
            } else {
                actual = observed[field.name]
            }
            return change(field, of: observed, from: actual, to: wanted)
        }
    }

    /// Has the object replaced for the sake of what is offered, if anything is.
    func upgrade(of observed: ObservedResource) -> [FieldChange] {
        guard let offer = kind.offer, let offered = observed[offer.field.name], offered != .null
        else { return [] }
        return [
            FieldChange(
                offer.to, before: observed[offer.to], after: offered, consequence: .replace)
        ]
    }

    /// Another seed: some machines take it at their next start, others only when they are made.
    ///
    /// - Parameter hasServed: whether the machine has taken one before, and it was of use.
    func anotherSeed(of machine: ObservedResource?, hasServed: Bool) -> FieldChange {
        FieldChange(
            "seed", before: nil, after: nil,
            consequence: hasServed || kind.takesAnotherSeed(machine) ? .restart : .replace,
            isSecret: true)
    }

    /// Fields whose real value differs from the recorded one.
    func drift(from recorded: RecordedResource, to observed: ObservedResource) -> [FieldChange] {
        kind.fields.compactMap { field in
            guard field.isComparable, let left = recorded.attributes[field.name] else { return nil }
            return change(field, of: observed, from: left, to: observed[field.name])
        }
    }

    /// False when the record is of another object, or of what this one was before it became as it
    /// is behind the state's back.
    func isUpToDate(_ recorded: RecordedResource?, with observed: ObservedResource) -> Bool {
        guard let recorded else { return false }
        return recorded.id == observed.id && drift(from: recorded, to: observed).isEmpty
    }

    /// Fields of a new object, for showing.
    func creation(of desired: Resource) -> [FieldChange] {
        kind.fields.compactMap { field in
            guard let wanted = desired[field.name], !field.traits.contains(.computed),
                wanted != .null
            else { return nil }
            let isSecret = field.traits.contains(.secret)
            return FieldChange(
                field.name, before: nil,
                after: isSecret ? nil : wanted.isKnown ? field.normalised(wanted) : wanted,
                isSecret: isSecret)
        }
    }

    private func secretChange(
        _ field: Field, _ wanted: Value, of observed: ObservedResource,
        recorded: RecordedResource?
    ) -> FieldChange? {
        guard case .secret(let secret) = wanted, let left = recorded?.fingerprints[field.name],
            left != fingerprints.fingerprint(of: secret)
        else { return nil }
        return FieldChange(
            field.name, before: nil, after: nil,
            consequence: field.consequence(of: wanted, on: observed), isSecret: true)
    }

    private func change(
        _ field: Field, of observed: ObservedResource, from actual: Value?, to wanted: Value?
    ) -> FieldChange? {
        let before = field.normalised(actual)
        let consequence = field.consequence(of: wanted, on: observed)
        guard let wanted, !wanted.isKnown else {
            let after = field.normalised(wanted)
            guard before != after else { return nil }
            return FieldChange(
                field.name, before: before, after: after, consequence: consequence)
        }
        return FieldChange(field.name, before: before, after: wanted, consequence: consequence)
    }
}

extension Field {
    /// What bringing the field to `wanted` does to the object.
    func consequence(
        of wanted: Value?, on observed: ObservedResource
    ) -> FieldChange.Consequence {
        if traits.contains(.immutable) { return .replace }
        if traits.contains(.reissuing) { return .reissue }
        guard traits.contains(.restarting) else { return .none }
        return isLive(wanted ?? .null, observed) ? .live : .restart
    }
}
