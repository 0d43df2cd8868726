import Resources

/// Checks JSON against the schemas of an OpenAPI 3.0 document: types, enumerations, bounds,
/// required, unknown and read-only members, and `$ref`, `allOf`, `oneOf`, `anyOf`.
struct JSONSchema: Sendable {
    /// What differs between the two directions.
    enum Direction: Sendable {
        /// No read-only or unknown members.
        case request
        /// The same, and no member is required: a PATCH.
        case partialRequest
        /// Members may have been added since, and any may be null: descriptions say so in words.
        case answer
    }

    /// The whole document, for references into it.
    let document: Value
    let direction: Direction
    /// Members that are not required although the schema of that name says so.
    let optional: [String: Set<String>]

    /// What is wrong with `value`; empty when nothing is.
    func violations(_ value: Value, _ schema: Value, at path: String) -> [String] {
        let unknown = direction == .answer ? [] : unknownMembers(value, schema, at: path)
        return unknown + check(value, schema, at: path, name: nil)
    }

    func resolve(_ schema: Value) -> (schema: Value, name: String?) {
        guard let reference = schema["$ref"]?.string else { return (schema, nil) }
        let parts = reference.split(separator: "/").dropFirst().map(String.init)
        let target = parts.reduce(Optional(document)) { $0?[$1] } ?? .null
        return (resolve(target).schema, parts.last)
    }

    private func check(
        _ value: Value, _ schema: Value, at path: String, name: String?
    ) -> [String] {
        let (schema, target) = resolve(schema)
        let name = target ?? name
        if value.isNull, schema["nullable"] == true || direction == .answer { return [] }
        var found = typeViolations(value, schema, at: path)
        if let allowed = schema["enum"]?.list, !allowed.contains(value) {
            found.append("\(path): \(value.plainText) is none of the enumeration")
        }
        found += boundViolations(value, schema, at: path)
        found += memberViolations(value, schema, at: path, name: name)
        found += elementViolations(value, schema, at: path)
        for part in schema["allOf"]?.list ?? [] {
            found += check(value, part, at: path, name: name)
        }
        return found + alternativeViolations(value, schema, at: path)
    }

    private func alternativeViolations(
        _ value: Value, _ schema: Value, at path: String
    ) -> [String] {
        let isExclusive = schema["oneOf"] != nil && direction == .request
        guard let alternatives = schema["oneOf"]?.list ?? schema["anyOf"]?.list else { return [] }
        let results = alternatives.map { check(value, $0, at: path, name: nil) }
        let matches = results.count { $0.isEmpty }
        if matches == 0 {
            let nearest = results.min { $0.count < $1.count } ?? []
            return ["\(path): matches none of \(alternatives.count) schemas; nearest: \(nearest)"]
        }
        return isExclusive && matches > 1 ? ["\(path): matches \(matches) schemas of oneOf"] : []
    }
}

// MARK: - Scalars

extension JSONSchema {
    private func typeViolations(_ value: Value, _ schema: Value, at path: String) -> [String] {
        guard let type = schema["type"]?.string else { return [] }
        let isRight =
            switch (type, value) {
            case ("string", .string), ("integer", .integer), ("number", .integer),
                ("number", .number), ("boolean", .boolean), ("array", .list),
                ("object", .object):
                true
            case ("integer", .number(let number)): number == number.rounded()
            default: false
            }
        return isRight ? [] : ["\(path): \(value.plainText) is not of type \(type)"]
    }

    private func boundViolations(_ value: Value, _ schema: Value, at path: String) -> [String] {
        let size: (Int, least: String, most: String)? =
            switch value {
            case .integer(let number): (number, "minimum", "maximum")
            case .string(let text): (text.unicodeScalars.count, "minLength", "maxLength")
            case .list(let elements): (elements.count, "minItems", "maxItems")
            default: nil
            }
        guard let size else { return [] }
        let isTooSmall = schema[size.least]?.integer.map { size.0 < $0 } ?? false
        let isTooBig = schema[size.most]?.integer.map { size.0 > $0 } ?? false
        return isTooSmall || isTooBig ? ["\(path): \(value.plainText) is out of bounds"] : []
    }
}

// MARK: - Members and elements

extension JSONSchema {
    private func memberViolations(
        _ value: Value, _ schema: Value, at path: String, name: String?
    ) -> [String] {
        guard let members = value.object else { return [] }
        let properties = schema["properties"]?.object ?? [:]
        let excused = name.flatMap { optional[$0] } ?? []
        let required = (schema["required"]?.list ?? []).compactMap(\.string)
        var found: [String] = []
        if direction != .partialRequest {
            found = required.filter { members[$0] == nil && !excused.contains($0) }
                .map { "\(path).\($0): required and missing" }
        }
        for (member, content) in members.sorted(by: { $0.key < $1.key }) {
            guard let property = properties[member] else { continue }
            if direction != .answer, resolve(property).schema["readOnly"] == true {
                found.append("\(path).\(member): is read-only")
            }
            found += violations(content, property, at: "\(path).\(member)")
        }
        return found
    }

    private func elementViolations(_ value: Value, _ schema: Value, at path: String) -> [String] {
        guard let elements = value.list, let items = schema["items"] else { return [] }
        return elements.enumerated().flatMap { index, element in
            violations(element, items, at: "\(path)[\(index)]")
        }
    }

    /// Members that the schema does not know, unless it is open.
    private func unknownMembers(_ value: Value, _ schema: Value, at path: String) -> [String] {
        guard let members = value.object, let known = declared(schema), !known.isEmpty else {
            return []
        }
        return members.keys.filter { !known.contains($0) }.sorted()
            .map { "\(path).\($0): unknown" }
    }

    /// Every member that the schema or a part of it names; `nil` when it takes any.
    private func declared(_ schema: Value) -> Set<String>? {
        let schema = resolve(schema).schema
        if let more = schema["additionalProperties"], more != false { return nil }
        var names = Set((schema["properties"]?.object ?? [:]).keys)
        for part in ["allOf", "oneOf", "anyOf"].flatMap({ schema[$0]?.list ?? [] }) {
            guard let more = declared(part) else { return nil }
            names.formUnion(more)
        }
        return names
    }
}
