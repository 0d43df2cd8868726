import Resources
import Services

/// JSON Schemas of the spec files, derived from their tables of fields.
package enum JSONSchema {
    /// Of `service.yaml`.
    package static var service: String {
        document(
            "service.schema.json", "A service that Launch runs: service.yaml", SpecField.service)
    }

    /// Of `launch.yaml`.
    package static var project: String {
        document(
            "project.schema.json", "A repository that Launch manages: launch.yaml",
            SpecField.project)
    }

    private static func document(
        _ name: String, _ title: String, _ fields: [SpecField]
    ) -> String {
        var schema = mapping(fields)
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        schema["$id"] = .string(name)
        schema["title"] = .string(title)
        return Value.object(schema).jsonText(pretty: true) + "\n"
    }

    private static func mapping(_ fields: [SpecField]) -> [String: Value] {
        var schema: [String: Value] = [
            "type": "object",
            "additionalProperties": false,
            "properties": .object(
                Dictionary(
                    fields.map { ($0.name, property($0)) }, uniquingKeysWith: { first, _ in first })
            ),
        ]
        let required = fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { schema["required"] = .list(required) }
        return schema
    }

    private static func property(_ field: SpecField) -> Value {
        var schema = self.schema(field.shape)
        if field.isNullable {
            schema = nullable(schema)
        }
        schema["description"] = .string(field.description)
        schema["default"] = field.fallback
        return .object(schema)
    }

    private static func nullable(_ schema: [String: Value]) -> [String: Value] {
        var schema = schema
        if let type = schema["type"] { schema["type"] = [type, "null"] }
        if case .list(let names)? = schema["enum"] { schema["enum"] = .list(names + [.null]) }
        return schema
    }

    private static func schema(_ shape: SpecShape) -> [String: Value] {
        switch shape {
        case .text(let rule):
            [
                "type": "string", "pattern": .string(rule.pattern),
                "maxLength": .integer(rule.longest),
            ]
        case .choice(let names):
            ["type": "string", "enum": .list(names.map(Value.string))]
        case .integer(let range) where range.upperBound == .max:
            ["type": "integer", "minimum": .integer(range.lowerBound)]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .boolean: ["type": "boolean"]
        case .size(let rule): ["type": "string", "pattern": .string(rule.pattern)]
        case .networkBlock:
            ["type": "string", "pattern": "^[0-9A-Fa-f:.]+/[0-9]{1,3}$"]
        case .list(let element, let least):
            [
                "type": "array", "items": .object(schema(element)), "uniqueItems": true,
                "minItems": .integer(least),
            ]
        case .mapping(let fields): mapping(fields)
        case .either(let scalar, let mapping):
            ["oneOf": [.object(schema(scalar)), .object(schema(mapping))]]
        }
    }
}
