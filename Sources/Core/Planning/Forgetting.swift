package import Resources

/// What becomes of services that are let go: their objects stay as they are.
package struct Forgetting: Hashable, Sendable {
    package enum Fate: String, Sendable, CaseIterable {
        /// Its marks are taken off: it is nobody's from then on.
        case released
        /// Its name alone says whose it is, and stays.
        case named
        /// It is not there any more, or bears no mark; its record goes.
        case gone
    }

    package struct Entry: Hashable, Sendable {
        package let address: Address
        package let fate: Fate
        /// The provider's own identifier.
        package let id: String
        /// `nil` where nothing is left to be done but to forget it.
        package let observed: ObservedResource?

        package init(
            _ address: Address, _ fate: Fate, id: String, observed: ObservedResource? = nil
        ) {
            self.address = address
            self.fate = fate
            self.id = id
            self.observed = observed
        }
    }

    package let project: String
    /// What needs others comes before them: a part is let go before the whole that bears the mark.
    package let entries: [Entry]

    package init(project: String, entries: [Entry]) {
        self.project = project
        self.entries = entries
    }

    package var summary: [Fate: Int] {
        entries.reduce(into: [:]) { $0[$1.fate, default: 0] += 1 }
    }
}

extension Planner {
    /// Everything that is there or recorded, whatever the specs want.
    ///
    /// - Parameter named: kinds whose objects are found by their names.
    package func forgetting(_ input: PlanInput, named: Set<KindName>) -> Forgetting {
        let recorded = input.document.resources
        let addresses = Set(input.observed.keys).union(recorded.keys).filter(input.includes)
        let begun = Set(
            input.document.intents.filter { $0.action == .release }.map(\.address))
        let entries = addresses.compactMap { address -> Forgetting.Entry? in
            let observed = input.observed[address]
            guard let id = observed?.id ?? recorded[address]?.id else { return nil }
            let isThere = observed != nil || begun.contains(address)
            let fate: Forgetting.Fate =
                named.contains(address.kind) && isThere ? .named : isThere ? .released : .gone
            return Forgetting.Entry(address, fate, id: id, observed: observed)
        }
        let depths = Dictionary(
            Set(addresses.map(\.kind)).map { ($0, kinds.depth(of: $0)) }
        ) { first, _ in first }
        return Forgetting(
            project: input.document.project,
            entries: entries.sorted {
                let (left, right) = (depths[$0.address.kind] ?? 0, depths[$1.address.kind] ?? 0)
                return left == right ? $0.address < $1.address : left > right
            })
    }
}

extension KindCatalogue {
    /// How long the longest chain of kinds is that this one may refer to.
    fileprivate func depth(of kind: KindName) -> Int {
        (self[kind]?.requires ?? []).map { depth(of: $0) + 1 }.max() ?? 0
    }
}
