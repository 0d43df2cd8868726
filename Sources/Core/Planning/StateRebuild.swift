package import Foundation
package import Resources

/// The state as the world's ownership marks alone tell it.
package struct StateRebuild: Hashable, Sendable {
    /// What becomes of an object's record.
    package enum Fate: String, Sendable, CaseIterable {
        /// The state does not know the object.
        case recorded
        /// The record is of another object, or of what this one was before.
        case replaced
        /// The record is right.
        case kept
        /// The object is gone, and its record goes.
        case forgotten
        /// Its creation never ended: the next converge finishes it, and records it then.
        case unfinished
    }

    package struct Entry: Hashable, Sendable {
        package let address: Address
        package let fate: Fate
        /// The provider's own identifier.
        package let id: String
        /// What is written.
        package let record: RecordedResource?

        package init(
            _ address: Address, _ fate: Fate, id: String, record: RecordedResource? = nil
        ) {
            self.address = address
            self.fate = fate
            self.id = id
            self.record = record
        }
    }

    package let project: String
    /// By address.
    package let entries: [Entry]

    package init(project: String, entries: [Entry]) {
        self.project = project
        self.entries = entries
    }

    package var summary: [Fate: Int] {
        entries.reduce(into: [:]) { $0[$1.fate, default: 0] += 1 }
    }

    /// True when there is nothing to write.
    package var isEmpty: Bool { entries.allSatisfy { [.kept, .unfinished].contains($0.fate) } }
}

extension Planner {
    /// Every owned object as it is, whether the specs want it or not.
    package func rebuild(_ input: PlanInput, at now: Date) -> StateRebuild {
        let desired = Dictionary(input.desired.map { ($0.address, $0) }) { first, _ in first }
        let recorded = input.document.resources
        let addresses = Set(input.observed.keys).union(recorded.keys).filter(input.includes)
        return StateRebuild(
            project: input.document.project,
            entries: addresses.sorted().compactMap { address in
                guard let observed = input.observed[address] else {
                    return recorded[address].map { .init(address, .forgotten, id: $0.id) }
                }
                guard !input.unfinished.contains(address) else {
                    return .init(address, .unfinished, id: observed.id)
                }
                let wanted = desired[address]
                return entry(
                    for: observed, desired: wanted.map { resolved($0, input, [:]) },
                    requirements: wanted?.requirements ?? neighbours(of: address, in: input),
                    recorded: recorded[address], at: now)
            })
    }

    private func entry(
        for observed: ObservedResource, desired: Resource?, requirements: Set<Address>,
        recorded: RecordedResource?, at now: Date
    ) -> StateRebuild.Entry {
        let address = observed.address
        let previous = recorded?.id == observed.id ? recorded : nil
        var record = Recording(kinds: kinds, fingerprints: fingerprints)
            .record(observed, desired: desired, previous: previous, at: now)
        record.dependencies = requirements.sorted()
        if let previous {
            var unchanged = record
            unchanged.updatedAt = previous.updatedAt
            if unchanged == previous { return .init(address, .kept, id: observed.id) }
        }
        return .init(
            address, recorded == nil ? .recorded : .replaced, id: observed.id, record: record)
    }

    /// What an object that nobody wants any more may have been made after.
    private func neighbours(of address: Address, in input: PlanInput) -> Set<Address> {
        let required = kinds.kind(of: address).requires
        return Set(
            input.observed.keys.filter {
                $0.service == address.service && required.contains($0.kind)
            })
    }
}
