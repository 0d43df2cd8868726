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

    /// The position that an entry's or a segment's key names; `nil` for a key of something else.
    func position(in key: String) -> Int? {
        guard let position = Int(key.suffix(Self.digits)), (0...Self.highest).contains(position),
            key == entry(position) || key == segment(endingAt: position)
        else { return nil }
        return position
    }

    /// - Returns: `nil` for a key of something else.
    func stamp(in key: String) -> SnapshotStamp? {
        let numbers = key.dropFirst(earlierSnapshots.count).split(separator: "-")
            .compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        let stamp = SnapshotStamp(position: numbers[0], serial: numbers[1], second: numbers[2])
        return key == earlierSnapshot(stamp) ? stamp : nil
    }

    private static let digits = 20
    /// Up to here JSON's numbers are exact everywhere.
    private static let highest = 1 << 53

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
