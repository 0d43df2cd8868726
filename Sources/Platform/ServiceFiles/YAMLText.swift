import Services
import Yams

/// YAML, parsed into nodes that know their places.
struct YAMLText {
    let file: String
    let root: Node

    /// - Throws: the diagnostic of what stops the parser.
    init(_ bytes: [UInt8], file: String) throws(InvalidRepository) {
        self.file = file
        let text = try SpecText.decoded(bytes, file: file)
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                throw InvalidRepository(file, .start, "the file is empty")
            }
            self.root = root
        } catch let problem as YamlError {
            throw InvalidRepository([Self.diagnostic(for: problem, in: text, file)])
        } catch let problem as InvalidRepository {
            throw problem
        } catch {
            throw InvalidRepository(file, .start, "the file cannot be parsed")
        }
    }

    private static func diagnostic(
        for problem: YamlError, in text: String, _ file: String
    ) -> Diagnostic {
        switch problem {
        case .scanner(let context, let words, let mark, _),
            .parser(let context, let words, let mark, _),
            .composer(let context, let words, let mark, _):
            let place = Place(mark)
            if character(at: place, in: text) == "\t" {
                return Diagnostic(
                    file: file, place: place, message: "YAML is indented with spaces, not tabs")
            }
            let circumstances = context.map { " \($0.text)" } ?? ""
            return Diagnostic(
                file: file, place: place, message: "not YAML: \(words)\(circumstances)")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            return Diagnostic(
                file: file, place: repetition(of: key, after: Place(context.mark), in: text),
                message: "the key \"\(key)\" stands here a second time")
        case .reader(let words, let offset, _, _):
            return Diagnostic(
                file: file, place: offset.map { Place(after: text.prefix($0)) } ?? .start,
                message: "not YAML: \(words)")
        default:
            return Diagnostic(file: file, place: .start, message: "the file cannot be parsed")
        }
    }

    private static func character(at place: Place, in text: String) -> Unicode.Scalar? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard place.line <= lines.count else { return nil }
        return lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1).first
    }

    /// The next line that has the key at the first one's column; the first one if there is none,
    /// as when both are on one line.
    private static func repetition(
        of key: String, after first: Place, in text: String
    ) -> Place {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated().dropFirst(first.line) {
            let rest = line.dropFirst(first.column - 1)
            let indent = line.prefix(first.column - 1)
            guard indent.allSatisfy({ $0 == " " || $0 == "-" }), rest.hasPrefix(key),
                rest.dropFirst(key.count).first(where: { $0 != " " }) == ":"
            else { continue }
            return Place(line: index + 1, column: first.column)
        }
        return first
    }
}

extension Place {
    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

extension Node {
    /// Where the node begins.
    var place: Place { mark.map { Place($0) } ?? .start }
}
