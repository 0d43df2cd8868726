/// A remark on a line of a file, as GitHub shows it in a pull request.
///
/// It is a workflow command, of which a runner takes no more than ten of each level from a step:
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>,
/// <https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations>.
struct Annotation {
    enum Level: String {
        case warning, notice
    }

    /// Of each level, in a step.
    static let limit = 10
    /// In bytes. GitHub cuts a message after 4,096 characters.
    private static let messageLimit = 4_000

    let level: Level
    let title: String
    let message: String
    /// Relative to the repository; `nil` for a remark on the run as a whole.
    var file: String?
    var line: Int?
    var column: Int?

    /// One line, without its end.
    var command: String {
        let properties = [
            ("file", file), ("line", line.map(String.init)), ("col", column.map(String.init)),
            ("title", title),
        ].compactMap { name, value in value.map { "\(name)=\($0.escapedProperty)" } }
        return "::\(level.rawValue) \(properties.joined(separator: ","))::"
            + message.cut(to: Self.messageLimit).escapedMessage
    }
}

extension String {
    fileprivate var escapedMessage: String { escaping(["%", "\r", "\n"]) }
    fileprivate var escapedProperty: String { escaping(["%", "\r", "\n", ":", ","]) }

    /// "%0A" for a line's end, and so on.
    private func escaping(_ special: Set<Unicode.Scalar>) -> String {
        unicodeScalars.reduce(into: "") { text, scalar in
            guard special.contains(scalar) else { return text.unicodeScalars.append(scalar) }
            let code = String(scalar.value, radix: 16, uppercase: true)
            text += "%" + (code.count < 2 ? "0" : "") + code
        }
    }
}
