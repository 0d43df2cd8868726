/// A line of a text report that goes on below its beginning where the terminal is narrow.
struct Paragraph {
    private let head: String
    /// Columns that the head takes.
    private let columns: Int
    /// How much further in than the head's end the lines below begin.
    private let hanging: Int
    private let words: String

    /// - Parameter head: what stands before the words, and not below.
    init(_ words: String, after head: String = "", hanging: Int = 0) {
        self.words = words
        self.head = head
        self.hanging = hanging
        columns = head.columns
    }

    /// Broken at blanks. A word that is too long for a line is left whole, so that it can be copied.
    func text(width: Int) -> String {
        guard width < .max, columns + words.columns > width else { return head + words }
        // Little room beside a long head is worse than some below it.
        let indent = columns <= width / 2 ? columns + hanging : min(8, width / 4)
        var (lines, line, used, isBare) = ([String](), head, columns, true)
        for word in words.split(separator: " ", omittingEmptySubsequences: false) {
            let gap = isBare ? "" : " "
            if used + gap.count + word.columns > width, !isBare || used > indent {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
                used = indent + word.columns
            } else {
                line += gap + word
                used += gap.count + word.columns
            }
            isBare = false
        }
        lines.append(line)
        return lines.map(\.trimmedAtEnd).joined(separator: "\n")
    }
}

extension StringProtocol {
    /// Columns that it takes on a terminal: colours take none.
    package var columns: Int {
        guard contains("\u{1B}") else { return count }
        return String(self).replacing(/\u{1B}\[[\d;]*m/, with: "").count
    }
}

extension String {
    /// Each of its lines broken at blanks, so that none is wider than `width` columns but for a
    /// single word; what is below a line's beginning stands in a little.
    package func wrapped(to width: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let margin = line.prefix { $0 == " " }
            return Paragraph(
                String(line.dropFirst(margin.count)), after: String(margin), hanging: 4
            ).text(width: width)
        }.joined(separator: "\n")
    }

    /// Without blanks at the end.
    var trimmedAtEnd: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
