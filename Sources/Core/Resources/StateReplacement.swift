/// What another document would do in the place of the present one, and whether it may.
package struct StateReplacement: Hashable, Sendable {
    /// What becomes of one record.
    package enum Fate: String, Sendable, CaseIterable {
        case recorded, changed, forgotten
    }

    package let old: StateDocument
    package let new: StateDocument

    /// - Parameters:
    ///   - location: where `new` is from, for people.
    ///   - force: also where something would be lost.
    /// - Throws: `StateError.otherProject`, and without `force` `.staleReplacement` for a document
    ///   of another lineage or from before what is there. A state with nothing in it has nothing
    ///   to lose.
    package init(
        of old: StateDocument, by new: StateDocument, from location: String, force: Bool
    ) throws {
        self.old = old
        self.new = new
        guard new.project == old.project else {
            throw StateError.otherProject(
                location: location, found: new.project, expected: old.project)
        }
        guard !force, !changesNothing, !old.isEmpty else { return }
        guard new.lineage == old.lineage else {
            throw StateError.staleReplacement(
                detail: "\(location) has lineage \(new.lineage), and the state has \(old.lineage)")
        }
        guard new.serial >= old.serial else {
            throw StateError.staleReplacement(
                detail: "\(location) has serial \(new.serial), and the state has \(old.serial)")
        }
    }

    /// True when both say the same, whatever their serials.
    package var changesNothing: Bool { new.lineage == old.lineage && new.saysTheSame(as: old) }

    /// Whose leases it takes.
    package var services: Set<String> { old.knownServices.union(new.knownServices) }

    /// The records that differ, in order of address.
    package var changes: [(address: Address, fate: Fate)] {
        let (before, after) = (old.resources, new.resources)
        return Set(before.keys).union(after.keys).sorted().compactMap { address in
            switch (before[address], after[address]) {
            case (nil, _): (address, .recorded)
            case (_, nil): (address, .forgotten)
            case (let old, let new): old == new ? nil : (address, .changed)
            }
        }
    }
}

extension StateDocument {
    /// Every service that something is known of.
    package var knownServices: Set<String> {
        Set(services.keys).union(intents.map(\.address.service))
    }

    /// True when nothing was ever recorded in it.
    package var isEmpty: Bool { serial == 0 && knownServices.isEmpty }

    /// True when both have the same content, whatever their serials and lineages.
    package func saysTheSame(as other: StateDocument) -> Bool {
        services == other.services && intents == other.intents
    }
}
