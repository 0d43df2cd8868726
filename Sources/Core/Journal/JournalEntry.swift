import Foundation
import Resources

/// One step of the state: what the holder of some leases changed, as one object of the journal.
struct JournalEntry: Hashable, Sendable {
    /// Tells two writes of equal content apart.
    let write: String
    let at: Date
    let who: LeaseHolder
    let purpose: String
    /// Of the document that this changes.
    let lineage: String
    /// The document's serial once this is applied.
    let serial: Int
    /// The lease's generation under which each service is changed, or was taken over. Who holds
    /// an older one can write no more.
    let generations: [String: Int]
    /// What people read of it, a line for each change.
    let summary: [String]
    let changes: [SliceChange]
    /// Another document in the place of the whole one, before `changes`.
    let replacement: StateDocument?

    /// True for an entry that changes the document, rather than only who may.
    var changesDocument: Bool { !changes.isEmpty || replacement != nil }

    /// What the history says of it.
    var history: HistoryEntry {
        HistoryEntry(serial: serial, at: at, who: who, purpose: purpose, changes: summary)
    }

    func concerns(_ service: String) -> Bool {
        changes.contains { $0.service == service } || replacement != nil
    }
}

/// What changed of one service: no more than that.
struct SliceChange: Hashable, Sendable {
    let service: String
    /// The service without its resources; `nil` when nothing but resources and intents changed.
    let description: ServiceState?
    /// New or changed.
    let resources: [RecordedResource]
    let forgotten: [Address]
    /// Opened.
    let intents: [Intent]
    /// The ids of those that are closed.
    let settled: [String]

    init?(from old: ServiceSlice, to new: ServiceSlice) {
        guard old != new else { return nil }
        service = new.service
        let described = new.state.withoutResources
        description = described == old.state.withoutResources ? nil : described
        let known = Dictionary(old.state.resources.map { ($0.address, $0) }) { $1 }
        resources = new.state.resources.filter { known[$0.address] != $0 }
        forgotten = Set(known.keys).subtracting(new.state.resources.map(\.address)).sorted()
        let before = Set(old.intents.map(\.id))
        intents = new.intents.filter { !before.contains($0.id) }
        settled = before.subtracting(new.intents.map(\.id)).sorted()
    }

    func apply(to slice: inout ServiceSlice) {
        if let description {
            let resources = slice.state.resources
            slice.state = description
            slice.state.resources = resources
        }
        for address in forgotten { slice.record(.forgotten, at: address) }
        for resource in resources { slice.record(.recorded(resource), at: resource.address) }
        slice.intents.removeAll { settled.contains($0.id) }
        for intent in intents { slice.intend(intent) }
    }
}

extension ServiceState {
    fileprivate var withoutResources: ServiceState {
        var state = self
        state.resources = []
        return state
    }
}
