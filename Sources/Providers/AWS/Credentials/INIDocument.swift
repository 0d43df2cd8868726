/// The form of `~/.aws/config` and `~/.aws/credentials`.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
///
/// - `[section]`, then `key = value` or `key: value`; a key in any case. Sections of one name are
///   one section, where the later value of a key holds.
/// - A line that is indented further than its key goes on with the value. So a block of nested
///   keys is the value of the key above it, and never mistaken for keys of the section.
/// - A comment starts with `#` or `;`, at the start of a line or after a space.
struct INIDocument: Sendable {
    private(set) var sections: [String: [String: String]] = [:]

    /// The number of a line, from 1, that is nothing of the above.
    struct Malformed: Error, Hashable {
        let line: Int
    }

    private var section: String?
    private var key: (name: String, indentation: Int)?

    init(_ text: String) throws(Malformed) {
        let content = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        let lines = content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            guard read(line) else { throw Malformed(line: index + 1) }
        }
    }

    /// False when the line is malformed.
    private mutating func read(_ line: Substring) -> Bool {
        let indentation = line.prefix(while: \.isWhitespace).count
        let words = Self.withoutComment(line)
        if words.isEmpty { return true }
        if let section, let key, indentation > key.indentation {
            sections[section]?[key.name, default: ""] += "\n" + words
            return true
        }
        return words.hasPrefix("[") ? open(words) : keep(words, indentation)
    }

    private mutating func open(_ words: Substring) -> Bool {
        guard let end = words.lastIndex(of: "]") else { return false }
        let name = String(words[..<end].dropFirst().trimmed)
        section = name
        key = nil
        if sections[name] == nil { sections[name] = [:] }
        return true
    }

    private mutating func keep(_ words: Substring, _ indentation: Int) -> Bool {
        guard let section, let sign = words.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            return false
        }
        let name = words[..<sign].trimmed.lowercased()
        guard !name.isEmpty else { return false }
        key = (name, indentation)
        sections[section]?[name] = String(words[sign...].dropFirst().trimmed)
        return true
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var previous: Character = " "
        for (index, character) in zip(line.indices, line) {
            if character == "#" || character == ";", previous.isWhitespace {
                return line[..<index].trimmed
            }
            previous = character
        }
        return line.trimmed
    }
}

extension Substring {
    var trimmed: Substring {
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex
        return self[..<end].drop(while: \.isWhitespace)
    }
}
