import Resources

/// A heading, a lead, one table and closing lines that together always fit a GitHub comment.
struct MarkdownPage {
    /// GitHub takes 65,536 characters; as bytes, so that nobody's way of counting is exceeded.
    static let limit = 65_535
    /// What the note about rows left out may take.
    private static let reserve = 200

    let title: String
    var lead: String
    var columns: [String] = []
    /// Cells are Markdown already.
    var rows: [[String]] = []
    /// What a row is: "change".
    var noun = "row"
    var closing: [String] = []

    var text: String {
        let head = "### \(title)\n\n\(lead.cut(to: 2_000))\n"
        let foot = closing.map { "\n\($0.cut(to: 2_000))\n" }.joined()
        guard !rows.isEmpty else { return head + foot }
        let table =
            "\n" + row(columns) + row(columns.map { _ in "---" })
        var text = head + table
        var room = Self.limit - Self.reserve - text.utf8.count - foot.utf8.count
        var shown = 0
        for line in rows.lazy.map(row) {
            room -= line.utf8.count
            guard room >= 0 else { break }
            text += line
            shown += 1
        }
        return text + note(onMissing: rows.count - shown) + foot
    }

    private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    private func note(onMissing count: Int) -> String {
        guard count > 0 else { return "" }
        return "\n… and \(counted(count, "more \(noun)")); the text report shows everything.\n"
    }
}

extension String {
    /// As Markdown that reads the same, also inside a table's cell.
    var markdown: String {
        var text = ""
        for character in onOneLine {
            if "\\`*_[]<>|~#".contains(character) { text.append("\\") }
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
    fileprivate func cut(to length: Int) -> String {
        guard utf8.count > length else { return self }
        var text = ""
        for character in self {
            guard text.utf8.count + character.utf8.count <= length else { break }
            text.append(character)
        }
        return text + "…"
    }
}
