import Planning
import Resources

/// How a text of several lines changes: `- old`, `+ new`; what stays is left out.
struct LineDifference {
    /// Lines that a report shows of one value; more are counted.
    private static let limit = 40

    let lines: [String]

    /// `nil` unless both are texts, one of them has several lines, and a reader sees them differ.
    init?(from old: Value?, to new: Value?) {
        guard case .string(let old)? = old, case .string(let new)? = new,
            old.contains(where: \.isNewline) || new.contains(where: \.isNewline)
        else { return nil }
        let changes = Self.changes(from: Self.lines(of: old), to: Self.lines(of: new))
        guard !changes.isEmpty else { return nil }
        let rest = changes.count - Self.limit
        lines =
            changes.prefix(Self.limit) + (rest > 0 ? ["… and \(counted(rest, "more line"))"] : [])
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

extension FieldChange {
    /// What changed of a text of several lines; `nil` for any other value.
    var lines: [String]? { isSecret ? nil : LineDifference(from: before, to: after)?.lines }
}

extension DriftFinding.FieldDifference {
    /// What differs in a text of several lines; `nil` for any other value.
    var lines: [String]? { LineDifference(from: recorded, to: actual)?.lines }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
