import Resources

extension Planner {
    /// Objects whose key nobody has any more: there was one only when they were made, and what was
    /// to keep it does not.
    /// - Returns: why, for each.
    func keyless(in input: PlanInput) -> [Address: String] {
        input.desired.filter { input.includes($0.address) }.reduce(into: [:]) { found, keeper in
            for origin in keeper.keys.compactMap(\.origin)
            where input.observed[origin] != nil && !input.unfinished.contains(origin) {
                guard let loss = loss(of: keeper, input) else { continue }
                found[origin] = "its key is nowhere but in \(keeper.address), \(loss)"
            }
        }
    }

    /// Attributes that hold keys of objects that are made anew.
    func newKeys(of keeper: Resource, _ decided: [Address: Change]) -> [FieldChange] {
        keeper.attributes.filter { _, value in
            value.ephemerals.filter(\.isKey).compactMap(\.origin)
                .contains { decided[$0]?.isMadeAnew ?? false }
        }.keys.sorted().map { FieldChange($0, before: nil, after: nil, isSecret: true) }
    }

    /// Why the object cannot be relied on to keep what it was given; `nil` when it can.
    private func loss(of keeper: Resource, _ input: PlanInput) -> String? {
        let address = keeper.address
        guard let observed = input.observed[address] else { return "which is missing" }
        let comparison = comparison(for: address)
        let wanted = resolved(keeper, input, [:])
        guard let recorded = input.document.resources[address],
            !input.unfinished.contains(address), comparison.knows(recorded, all: wanted)
        else { return "which no run has finished writing" }
        let changes = comparison.changes(from: observed, recorded: recorded, to: wanted)
        guard changes.isEmpty else {
            return changes.contains { comparison.kind[$0.path]?.isComparable ?? false }
                ? "which somebody else has changed" : "which keeps another one's"
        }
        return comparison.isUpToDate(recorded, with: observed)
            ? nil : "which somebody else has changed"
    }
}

extension FieldComparison {
    /// True when the record has every wanted field that the provider does not show.
    fileprivate func knows(_ recorded: RecordedResource, all wanted: Resource) -> Bool {
        kind.fields.filter { $0.traits.contains(.unobservable) }.allSatisfy {
            wanted[$0.name] == nil || recorded.attributes[$0.name] != nil
        }
    }
}

extension Resource {
    fileprivate var keys: [Ephemeral] {
        attributes.values.flatMap(\.ephemerals).filter(\.isKey)
    }
}
