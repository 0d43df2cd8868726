import Resources

/// A heading, a lead, one table, differences and closing lines that together always fit a comment
/// or an issue of GitHub.
struct MarkdownPage {
    /// GitHub takes 65,536 characters. Some are left to who posts it, for marks and links; counted
    /// are bytes, so that nobody's way of counting is exceeded.
    static let limit = 55_000
    /// What the closing lines may take.
    private static let footLimit = 8_000
    /// What the note about what is left out may take.
    private static let reserve = 100

    let title: String
    var lead: String
    var columns: [String] = []
    /// Cells are Markdown already. The first are the last to be left out.
    var rows: [[String]] = []
    /// What a row is: "change".
    var noun = "row"
    var differences: [MarkdownDifference] = []
    var closing: [String] = []

    var text: String {
        let head = "### \(title)\n\n\(lead.cut(to: 2_000))\n" + (rows.isEmpty ? "" : tableHead)
        let foot = Self.fitting(
            closing.map { "\n\($0.cut(to: 2_000))\n" }, into: Self.footLimit, noun: "remark")
        let room = Self.limit - head.utf8.count - foot.utf8.count
        let table = Self.fitting(rows.map(row), into: room - Self.reserve, noun: noun)
        let below = Self.fitting(
            differences.map(\.text), into: room - table.utf8.count, noun: "difference")
        return head + table + below + foot
    }

    private var tableHead: String { "\n" + row(columns) + row(columns.map { _ in "---" }) }

    private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    /// The first parts, as many as there is room for in bytes, and how many there are beyond.
    private static func fitting(_ parts: [String], into limit: Int, noun: String) -> String {
        var room = limit - reserve
        let shown = parts.prefix {
            room -= $0.utf8.count
            return room >= 0
        }
        let missing = parts.count - shown.count
        let note =
            "\n… and \(counted(missing, "more \(noun)")); the text report shows everything.\n"
        return shown.joined() + (missing > 0 ? note : "")
    }
}

/// How a text of several lines changes, folded below a page's table.
struct MarkdownDifference {
    let address: Address
    let path: String
    let lines: [String]

    /// Every line begins with its mark, so none of them ends the fence.
    fileprivate var text: String {
        """

        <details><summary><code>\(address.description.onOneLine.html)</code> \
        \(path.onOneLine.html)</summary>

        ```diff
        \(lines.map { $0.cut(to: 500) }.joined(separator: "\n"))
        ```

        </details>

        """
    }
}

extension String {
    /// As Markdown that reads the same, also inside a table's cell.
    var markdown: String {
        var text = ""
        for character in onOneLine {
            if "\\`*_[]<>|~#&".contains(character) { text.append("\\") }
            text.append(character)
        }
        return text
    }

    /// As a code span that can stand in a table's cell.
    var markdownCode: String {
        let text = onOneLine.replacing("|", with: "\\|")
        let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: longest + 1)
        return longest == 0 ? "`\(text)`" : "\(fence) \(text) \(fence)"
    }

    /// At most about `length` bytes, cut between characters.
    func cut(to length: Int) -> String {
        guard utf8.count > length else { return self }
        var (text, room) = ("", length)
        for character in self {
            room -= character.utf8.count
            guard room >= 0 else { break }
            text.append(character)
        }
        return text + "…"
    }
}
