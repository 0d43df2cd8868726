package import Resources

/// Objects of renamed services that go on under the new name.
///
/// Only objects that can change their name and their mark while they live do; of the others new
/// ones are made.
package struct Renames: Sendable {
    /// The address before, by the one from now on.
    package let former: [Address: Address]
    /// Objects as they were seen, by the address from now on: those that bear the mark of before.
    private let present: [Address: ObservedResource]

    /// - Parameter heirs: who goes on with a service that was called otherwise, by its former name.
    package init(
        _ heirs: [String: String], desired: [Resource], observed: [ObservedResource],
        document: StateDocument, kinds: KindCatalogue
    ) {
        var former: [Address: Address] = [:]
        var present: [Address: ObservedResource] = [:]
        let names = Dictionary(heirs.map { ($0.value, $0.key) }) { first, _ in first }
        let seen = Dictionary(observed.map { ($0.address, $0) }) { first, _ in first }
        let recorded = document.resources
        let unfinished = Set(document.intents.filter { $0.action == .create }.map(\.address))
        for address in desired.map(\.address) where kinds.kind(of: address).survivesRename {
            guard let name = names[address.service] else { continue }
            let before = address.moved(to: name)
            guard !unfinished.contains(before) else { continue }
            if let object = seen[before], seen[address] == nil {
                former[address] = before
                present[address] = object
            } else if let id = recorded[before]?.id, seen[address]?.id == id {
                former[address] = before
            }
        }
        self.former = former
        self.present = present
    }

    package func applied(to observed: [ObservedResource]) -> [ObservedResource] {
        let moved = Set(present.values.map(\.address))
        return observed.filter { !moved.contains($0.address) }
            + present.map { address, object in
                ObservedResource(address, id: object.id, attributes: object.attributes)
            }
    }

    /// The document with the records at their new addresses.
    package func applied(to document: StateDocument) -> StateDocument {
        var document = document
        let recorded = document.resources
        for (address, before) in former.sorted(by: { $0.key < $1.key }) {
            guard let record = recorded[before] else { continue }
            for (place, outcome) in [
                (before, Outcome.forgotten), (address, .recorded(record.moved(to: address))),
            ] {
                var slice = document.slice(of: place.service)
                slice.record(outcome, at: place)
                document.replace(slice)
            }
        }
        return document
    }

    /// The object with the address whose mark it bears.
    package func marked(_ observed: ObservedResource) -> ObservedResource {
        present[observed.address] ?? observed
    }
}

extension Address {
    fileprivate func moved(to service: String) -> Address {
        Address(service: service, kind: kind, key: key)
    }
}

extension RecordedResource {
    fileprivate func moved(to address: Address) -> RecordedResource {
        RecordedResource(
            address: address, id: id, attributes: attributes, fingerprints: fingerprints,
            dependencies: dependencies, createdAt: createdAt, updatedAt: updatedAt,
            createdBy: createdBy)
    }
}
