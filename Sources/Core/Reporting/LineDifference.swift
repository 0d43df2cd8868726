import Planning
import Resources

extension FieldChange {
    /// Lines that a report shows of one value; more are counted.
    private static let limit = 40

    /// What changed of a text of several lines: `- old`, `+ new`, what stays is left out. `nil` for
    /// any other value.
    var lines: [String]? {
        guard !isSecret, case .string(let old)? = before, case .string(let new)? = after,
            old.contains("\n") || new.contains("\n")
        else { return nil }
        let changes = Self.changes(from: Self.lines(of: old), to: Self.lines(of: new))
        guard changes.count > Self.limit else { return changes }
        return changes.prefix(Self.limit)
            + ["… and \(counted(changes.count - Self.limit, "more line"))"]
    }

    private static func lines(of text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).onOneLine }
    }

    /// In the order of the texts, what goes before what comes.
    private static func changes(from old: [String], to new: [String]) -> [String] {
        let difference = new.difference(from: old)
        let gone = Set(difference.removals.map(\.offset))
        let come = Set(difference.insertions.map(\.offset))
        var changes: [String] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if gone.contains(left) {
                changes.append("- \(old[left])")
                left += 1
            } else if come.contains(right) {
                changes.append("+ \(new[right])")
                right += 1
            } else {
                (left, right) = (left + 1, right + 1)
            }
        }
        return changes
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
