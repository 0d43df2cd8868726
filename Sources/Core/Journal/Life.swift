import Resources

/// What entries of the journal, in order, tell of one object.
struct Life {
    private let address: Address
    private var record: RecordedResource?
    private var told: [LifeEvent] = []
    /// What was begun and is not over, with the entry that says so, in order.
    private var open: [(intent: Intent, entry: JournalEntry)] = []

    init(of address: Address) { self.address = address }

    /// What became of the object, and last what was begun and is not over.
    var events: [LifeEvent] {
        told
            + open.map { intent, entry in
                entry.event(.begun, reason: intent.reason, id: intent.objectID ?? record?.id)
            }
    }

    mutating func take(_ entry: JournalEntry) {
        if let replacement = entry.replacement { replace(replacement, entry) }
        for change in entry.changes where change.service == address.service {
            take(change, entry)
        }
    }

    private mutating func take(_ change: SliceChange, _ entry: JournalEntry) {
        let settled = open.filter { change.settled.contains($0.intent.id) }.map(\.intent)
        open.removeAll { change.settled.contains($0.intent.id) }
        if let new = change.resources.first(where: { $0.address == address }) {
            let cause = settled.last { $0.action == .create || $0.action == .update }
            let fields = new.changes(since: record)
            let kind: LifeEvent.Kind =
                switch cause?.action {
                case .create?: .created
                case .update?: .changed
                default: .adopted
                }
            // A change that was not seen in the record, such as the end of a boot, is none.
            if kind != .changed || !fields.isEmpty {
                told.append(
                    entry.event(
                        kind, reason: cause?.reason, id: new.id,
                        fields: kind == .created ? [] : fields))
            }
            record = new
        } else if change.forgotten.contains(address) {
            let cause = settled.last { $0.action == .delete || $0.action == .release }
            let kind: LifeEvent.Kind =
                switch cause?.action {
                case .delete?: .deleted
                case .release?: .released
                default: .gone
                }
            told.append(entry.event(kind, reason: cause?.reason, id: record?.id))
            record = nil
        }
        open += change.intents.filter { $0.address == address }.map { ($0, entry) }
    }

    private mutating func replace(_ document: StateDocument, _ entry: JournalEntry) {
        open = document.intents.filter { $0.address == address }.map { ($0, entry) }
        let new = document.resources[address]
        guard new != record else { return }
        told.append(
            entry.event(
                .replaced, reason: nil, id: new?.id, fields: new?.changes(since: record) ?? []))
        record = new
    }
}

extension JournalEntry {
    fileprivate func event(
        _ kind: LifeEvent.Kind, reason: String?, id: String?,
        fields: [LifeEvent.FieldChange] = []
    ) -> LifeEvent {
        LifeEvent(
            kind, serial: serial, at: at, who: who, purpose: purpose, reason: reason, id: id,
            fields: fields)
    }
}

extension RecordedResource {
    /// What is not as it was in an earlier record of the same object; nothing where there is none.
    fileprivate func changes(since earlier: RecordedResource?) -> [LifeEvent.FieldChange] {
        guard let earlier else { return [] }
        let paths = Set(attributes.keys).union(earlier.attributes.keys).sorted()
        let secrets = Set(fingerprints.keys).union(earlier.fingerprints.keys).sorted()
        return paths.filter { attributes[$0] != earlier.attributes[$0] }
            .map { .init($0, before: earlier.attributes[$0], after: attributes[$0]) }
            + secrets.filter { fingerprints[$0] != earlier.fingerprints[$0] }
            .map { .init($0, before: nil, after: nil, isSecret: true) }
    }
}
