import Foundation
import Resources

extension JournalEntry {
    /// What edits of one author change together; `nil` when they change nothing.
    init?(_ edits: [JournalEdit], on replica: Replica, write: String, at now: Date) {
        guard let author = edits.first?.author else { return nil }
        var slices = EditedSlices(replica.document)
        var generations: [String: Int] = [:]
        var replacement: StateDocument?
        var isFence = false
        for edit in edits {
            switch edit.body {
            case .slice(let service, let change):
                slices.edit(service, change)
                generations[service] = author.generation(of: service)
            case .replacement(var document):
                document.serial = max(document.serial, replica.document.serial)
                replacement = document
                generations = author.generations
            case .fence(let services):
                isFence = true
                for service in services {
                    generations[service] = author.generation(of: service)
                }
            }
        }
        guard isFence || replacement != nil || !slices.changes.isEmpty else { return nil }
        self.init(
            write: write, at: now, who: author.claim.holder, purpose: author.claim.purpose,
            lineage: replica.document.lineage,
            serial: (replacement ?? replica.document).serial + (isFence ? 0 : 1),
            generations: generations, summary: edits.map(\.summary), changes: slices.changes,
            replacement: replacement)
    }
}

/// Services as they were and as edits make them.
private struct EditedSlices {
    private let document: StateDocument
    private var edited: [String: (before: ServiceSlice, after: ServiceSlice)] = [:]

    init(_ document: StateDocument) { self.document = document }

    mutating func edit(_ service: String, _ change: (inout ServiceSlice) -> Void) {
        let slice = document.slice(of: service)
        change(&edited[service, default: (slice, slice)].after)
    }

    var changes: [SliceChange] {
        edited.sorted { $0.key < $1.key }.compactMap {
            SliceChange(from: $0.value.before, to: $0.value.after)
        }
    }
}
