/// A command line in words, as a POSIX shell splits it, without anything else that a shell does:
/// no variables, no wildcards, no pipes.
enum CommandLineWords {
    /// - Returns: `nil` when a quotation does not end.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "'":
                guard let piece = quoted(&rest) else { return nil }
                word = (word ?? "") + piece
            case "\"":
                guard let piece = doublyQuoted(&rest) else { return nil }
                word = (word ?? "") + piece
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                word = (word ?? "") + String(escaped)
            case _ where character.isWhitespace:
                if let complete = word { words.append(complete) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        guard let end = rest.firstIndex(of: "'") else { return nil }
        defer { rest = rest[end...].dropFirst() }
        return String(rest[..<end])
    }

    /// A backslash keeps its meaning before itself and before a double quote.
    private static func doublyQuoted(_ rest: inout Substring) -> String? {
        var piece = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return piece
            case "\\" where rest.first == "\"" || rest.first == "\\":
                piece += rest.popFirst().map(String.init) ?? ""
            default: piece.append(character)
            }
        }
        return nil
    }
}
