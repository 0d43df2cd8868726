import Foundation
import Resources
import Services
import Yams

/// Holds a YAML tree against a table of fields, and keeps what fits.
///
/// It reports everything that does not fit and goes on, so that one run shows all errors.
struct SpecChecker {
    let file: String
    /// Where `${NAME}` is looked up; `nil` where it has no meaning.
    let environment: [String: String]?
    private(set) var diagnostics: [Diagnostic] = []
    /// Where the keys stand, by path: `size`, `size.cpu`.
    private(set) var keyPlaces: [String: Place] = [:]
    /// Where the values stand, by path; a list's elements as `secrets.0`.
    private(set) var valuePlaces: [String: Place] = [:]

    init(file: String, environment: [String: String]? = nil) {
        self.file = file
        self.environment = environment
    }

    mutating func report(_ place: Place, _ message: String) {
        diagnostics.append(Diagnostic(file: file, place: place, message: message))
    }

    /// Reports at the value of `path`, or at the file's beginning when it was left out.
    mutating func report(at path: String, _ message: String) {
        report(valuePlaces[path] ?? keyPlaces[path] ?? .start, message)
    }

    /// What the document says, without defaults.
    mutating func check(_ document: YAMLText, _ fields: [SpecField]) -> Value {
        guard case .mapping(let mapping) = document.root else {
            report(document.root.place, "the file must be a mapping of keys to values")
            return [:]
        }
        return check(mapping, fields, at: "")
    }

    private mutating func check(
        _ mapping: Node.Mapping, _ fields: [SpecField], at path: String
    ) -> Value {
        var members: [String: Value] = [:]
        var seen: Set<String> = []
        for (key, node) in mapping {
            let name = key.scalar?.string ?? ""
            guard let field = fields.first(where: { $0.name == name }) else {
                reportUnknown(key, among: fields, at: path)
                continue
            }
            seen.insert(name)
            if node.isNull, field.isNullable { continue }
            let fieldPath = path.isEmpty ? name : "\(path).\(name)"
            keyPlaces[fieldPath] = key.place
            valuePlaces[fieldPath] = node.place
            members[name] = check(node, field.shape, at: fieldPath)
        }
        for field in fields where field.isRequired && !seen.contains(field.name) {
            let place = path.isEmpty ? Place.start : mapping.mark.map { Place($0) } ?? .start
            report(
                place,
                "\(quoted(field.name, in: path)) is missing: it must be"
                    + " \(field.shape.expectation)")
        }
        return .object(members)
    }

    /// - Returns: `nil` when it does not fit, which is then reported.
    private mutating func check(_ node: Node, _ shape: SpecShape, at path: String) -> Value? {
        switch (shape, node) {
        case (.either(_, let mapping), .mapping):
            return check(node, mapping, at: path)
        case (.either(let scalar, _), .scalar(let found)):
            return check(found, scalar, at: path, expectation: shape.expectation)
        case (.mapping(let fields), .mapping(let mapping)):
            return check(mapping, fields, at: path)
        case (.list(let element, let least), .sequence(let nodes)) where nodes.count >= least:
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
        _ scalar: Node.Scalar, _ shape: SpecShape, at path: String, expectation: String
    ) -> Value? {
        guard let text = substituted(scalar, at: path) else { return nil }
        let isText = Node.scalar(scalar).isText || text != scalar.string
        if let value = shape.value(of: text, isText: isText) { return value }
        let node = Node.scalar(scalar)
        let advice = shape.advice(for: scalar.string, isText: isText)
        reportMisfit(at: path, expectation, found: node.kind, advice: advice)
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

    private mutating func reportUnknown(_ key: Node, among fields: [SpecField], at path: String) {
        let names = fields.map(\.name)
        guard let name = key.scalar?.string else {
            report(key.place, "a key must be one word; allowed: \(names.joined(separator: ", "))")
            return
        }
        let guess = nearestMatch(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ";"
        report(
            key.place,
            "unknown key \(quoted(name, in: path))\(guess)"
                + " allowed: \(names.joined(separator: ", "))")
    }

    private func quoted(_ name: String, in path: String) -> String {
        path.isEmpty ? "\"\(name)\"" : "\"\(path).\(name)\""
    }

    /// The text with each `${NAME}` replaced; `nil` when one is not set, which is then reported.
    private mutating func substituted(_ scalar: Node.Scalar, at path: String) -> String? {
        guard let environment, scalar.string.contains("${") else { return scalar.string }
        var result = ""
        var rest = Substring(scalar.string)
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
