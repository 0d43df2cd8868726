import Foundation
import Resources

/// The state as the journal says it up to one position.
struct Replica: Sendable {
    var document: StateDocument
    /// The last entry that is in it; 0 before the first.
    var position: Int
    /// The highest generation seen of each service's lease.
    var generations: [String: Int]
    /// When the last entry was written, by its writer's clock.
    var lastWrite: Date?
    var snapshot: SnapshotPlace
    /// What has been written since the snapshot, in bytes.
    var journalBytes = 0
    /// Entries that are in no segment yet, the last at `position`.
    var tail: [JournalEntry] = []

    init(_ snapshot: Snapshot, place: SnapshotPlace) {
        document = snapshot.document
        position = snapshot.position
        generations = snapshot.generations
        lastWrite = snapshot.at
        self.snapshot = place
    }

    mutating func apply(_ entry: JournalEntry, bytes: Int) {
        if let replacement = entry.replacement { document = replacement }
        for change in entry.changes {
            var slice = document.slice(of: change.service)
            change.apply(to: &slice)
            document.replace(slice)
        }
        document.serial = entry.serial
        generations.merge(entry.generations) { max($0, $1) }
        position += 1
        lastWrite = entry.at
        journalBytes += bytes
        tail.append(entry)
    }

    /// The state at this position as one object.
    func summed(at now: Date) -> Snapshot {
        Snapshot(at: now, position: position, generations: generations, document: document)
    }
}

/// A whole state: what the journal's entries up to one position add up to.
struct Snapshot: Hashable, Sendable {
    let at: Date
    let position: Int
    let generations: [String: Int]
    let document: StateDocument

    var stamp: SnapshotStamp {
        SnapshotStamp(
            position: position, serial: document.serial, second: Int(at.timeIntervalSince1970))
    }
}

/// Which version of the snapshot is in its place.
struct SnapshotPlace: Hashable, Sendable {
    let tag: String
    let position: Int
    let bytes: Int
}
