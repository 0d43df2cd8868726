/// What the objects of one state are called.
///
/// Numbers are padded, so that a list in the order of bytes is one in the order of positions.
struct JournalKeys: Sendable {
    /// The snapshot: the key that launch.yaml names.
    let snapshot: String

    var entries: String { "\(snapshot).journal/" }
    var segments: String { "\(snapshot).segments/" }
    var earlierSnapshots: String { "\(snapshot).snapshots/" }
    var scratch: String { "\(snapshot).probe/" }

    func entry(_ position: Int) -> String { entries + Self.padded(position) }

    /// - Parameter last: the position of the segment's last entry.
    func segment(endingAt last: Int) -> String { segments + Self.padded(last) }

    func earlierSnapshot(_ stamp: SnapshotStamp) -> String {
        earlierSnapshots
            + [stamp.position, stamp.serial, stamp.second].map(Self.padded).joined(separator: "-")
    }

    /// The position that an entry's or a segment's key names.
    func position(in key: String) -> Int? { Int(key.suffix(Self.digits)) }

    func stamp(in key: String) -> SnapshotStamp? {
        let numbers = key.dropFirst(earlierSnapshots.count).split(separator: "-")
            .compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        return SnapshotStamp(position: numbers[0], serial: numbers[1], second: numbers[2])
    }

    private static let digits = 20

    private static func padded(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// Which snapshot it is, as its key says.
struct SnapshotStamp: Hashable, Sendable {
    /// The last entry that is in it.
    let position: Int
    let serial: Int
    /// When it was made, in seconds since 1970.
    let second: Int
}
