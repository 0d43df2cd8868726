import Foundation
import Resources
import Services

/// Holds a spec's tree against a table of fields, and keeps what fits.
///
/// It reports everything that does not fit and goes on, so that one run shows all errors.
struct SpecChecker {
    let file: String
    /// Where the spec begins: for what is missing from it as a whole.
    let start: Place
    /// Where `${NAME}` is looked up; `nil` where it has no meaning.
    let environment: [String: String]?
    private(set) var diagnostics: [Diagnostic] = []
    /// Where the keys stand, by path: `size`, `size.cpu`.
    private(set) var keyPlaces: [String: Place] = [:]
    /// Where the values stand, by path; a list's elements as `secrets.0`.
    private(set) var valuePlaces: [String: Place] = [:]

    init(file: String, start: Place = .start, environment: [String: String]? = nil) {
        self.file = file
        self.start = start
        self.environment = environment
    }

    mutating func report(_ place: Place, _ message: String) {
        diagnostics.append(Diagnostic(file: file, place: place, message: message))
    }

    /// Reports at the value of `path`, or at the spec's beginning when it was left out.
    mutating func report(at path: String, _ message: String) {
        report(valuePlaces[path] ?? keyPlaces[path] ?? start, message)
    }

    /// What the spec says, without defaults.
    mutating func check(_ root: SpecNode, _ fields: [SpecField]) -> Value {
        guard case .mapping(let members) = root.content else {
            report(root.place, "the file must be a mapping of keys to values")
            return [:]
        }
        return check(members, fields, at: "", start)
    }

    /// - Parameter place: where the mapping begins.
    private mutating func check(
        _ mapping: [SpecMember], _ fields: [SpecField], at path: String, _ place: Place
    ) -> Value {
        var members: [String: Value] = [:]
        var seen: Set<String> = []
        for member in mapping {
            guard let field = fields.first(where: { $0.name == member.name ?? "" }) else {
                reportUnknown(member, among: fields, at: path)
                continue
            }
            seen.insert(field.name)
            if member.value.isNull, field.isNullable { continue }
            let fieldPath = path.isEmpty ? field.name : "\(path).\(field.name)"
            keyPlaces[fieldPath] = member.place
            valuePlaces[fieldPath] = member.value.place
            members[field.name] = check(member.value, field.shape, at: fieldPath)
        }
        for field in fields where field.isRequired && !seen.contains(field.name) {
            report(
                place,
                "\(quoted(field.name, in: path)) is missing: it must be"
                    + " \(field.shape.expectation)")
        }
        return .object(members)
    }

    /// - Returns: `nil` when it does not fit, which is then reported.
    private mutating func check(_ node: SpecNode, _ shape: SpecShape, at path: String) -> Value? {
        switch (shape, node.content) {
        case (_, .unread): return nil
        case (.either(_, let mapping), .mapping):
            return check(node, mapping, at: path)
        case (.either(let scalar, _), .scalar(let found)):
            return check(found, scalar, at: path, expectation: shape.expectation)
        case (.mapping(let fields), .mapping(let members)):
            return check(members, fields, at: path, node.place)
        case (.list(let element, let least), .list(let nodes)) where nodes.count >= least:
            return .list(
                nodes.enumerated().compactMap { index, node in
                    valuePlaces["\(path).\(index)"] = node.place
                    return check(node, element, at: "\(path).\(index)")
                })
        case (_, .scalar(let found)):
            return check(found, shape, at: path, expectation: shape.expectation)
        default:
            reportMisfit(at: path, shape.expectation, found: node.kind)
            return nil
        }
    }

    private mutating func check(
        _ scalar: SpecScalar, _ shape: SpecShape, at path: String, expectation: String
    ) -> Value? {
        guard let text = substituted(scalar.text, at: path) else { return nil }
        let isText = scalar.form == .text || text != scalar.text
        if let value = shape.value(of: text, isText: isText) { return value }
        let advice = shape.advice(for: scalar.text, isText: isText)
        reportMisfit(at: path, expectation, found: scalar.kind, advice: advice)
        return nil
    }

    private mutating func reportMisfit(
        at path: String, _ expectation: String, found: String, advice: String = ""
    ) {
        let subject =
            path.split(separator: ".").last.flatMap { Int($0) } == nil
            ? "\"\(path)\"" : "this element of \"\(path.droppingLastPart)\""
        report(at: path, "\(subject) must be \(expectation), not \(found)\(advice)")
    }

    private mutating func reportUnknown(
        _ member: SpecMember, among fields: [SpecField], at path: String
    ) {
        let names = fields.map(\.name)
        guard let name = member.name else {
            report(
                member.place, "a key must be one word; allowed: \(names.joined(separator: ", "))")
            return
        }
        let guess = nearestMatch(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ";"
        report(
            member.place,
            "unknown key \(quoted(name, in: path))\(guess)"
                + " allowed: \(names.joined(separator: ", "))")
    }

    private func quoted(_ name: String, in path: String) -> String {
        path.isEmpty ? "\"\(name)\"" : "\"\(path).\(name)\""
    }

    /// The text with each `${NAME}` replaced; `nil` when one is not set, which is then reported.
    private mutating func substituted(_ text: String, at path: String) -> String? {
        guard let environment, text.contains("${") else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = rest.range(of: "${") {
            result += rest[..<start.lowerBound]
            let name = rest[start.upperBound...].prefix { $0 != "}" }
            guard name.endIndex < rest.endIndex, TextRule.variableName.accepts(String(name)) else {
                report(at: path, "\"${\" must be followed by an environment variable's name and }")
                return nil
            }
            guard let value = environment[String(name)] else {
                report(at: path, "the environment variable \(name) is not set")
                return nil
            }
            result += value
            rest = rest[rest.index(after: name.endIndex)...]
        }
        return result + rest
    }
}

extension String {
    /// `secrets` of `secrets.0`.
    fileprivate var droppingLastPart: String {
        split(separator: ".").dropLast().joined(separator: ".")
    }
}
