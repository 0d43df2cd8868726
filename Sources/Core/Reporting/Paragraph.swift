/// A line of a text report that goes on below its beginning where the terminal is narrow.
struct Paragraph {
    private let head: String
    /// Columns that the head takes; it may hold colours, which take none.
    private let columns: Int
    private let words: String

    /// - Parameter head: what stands before the words, and not below.
    init(_ words: String, after head: String = "", columns: Int? = nil) {
        self.words = words
        self.head = head
        self.columns = columns ?? head.count
    }

    /// Broken at blanks. A word that is too long for a line is left whole, so that it can be copied.
    func text(width: Int) -> String {
        guard width < .max, columns + words.count > width else { return head + words }
        // Little room beside a long head is worse than some below it.
        let indent = columns <= width / 2 ? columns : min(8, width / 4)
        var (lines, line, used, isBare) = ([String](), head, columns, true)
        for word in words.split(separator: " ", omittingEmptySubsequences: false) {
            let gap = isBare ? "" : " "
            if used + gap.count + word.count > width, !isBare || used > indent {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
                used = indent + word.count
            } else {
                line += gap + word
                used += gap.count + word.count
            }
            isBare = false
        }
        lines.append(line)
        return lines.map(\.trimmedAtEnd).joined(separator: "\n")
    }
}

extension String {
    /// Without blanks at the end.
    var trimmedAtEnd: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
