/// An attribute of a resource, and equally a JSON document of a remote API.
package enum Value: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([Value])
    case object([String: Value])
    /// Text with parts that are not known before other resources exist.
    case template([Segment])
    /// Text that is never shown, logged or stored.
    case secret(Secret)
}

/// One piece of a `Value.template`.
package enum Segment: Hashable, Sendable {
    case text(String)
    case reference(Reference)
    case ephemeral(Ephemeral)
}

/// An attribute of another resource.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    package let address: Address
    package let attribute: String

    package init(_ address: Address, _ attribute: String) {
        self.address = address
        self.attribute = attribute
    }

    package var description: String { "\(address).\(attribute)" }
}

/// A value that is fetched just before the call that needs it; a secret is kept nowhere.
package struct Ephemeral: Hashable, Sendable, CustomStringConvertible {
    /// What is asked for: `github.registration_token`.
    package let name: String
    /// The service that it is for.
    package let service: String
    /// The object that it belongs to, and that must be there first.
    package let origin: Address?
    /// False for what may be shown and recorded.
    package let isSecret: Bool
    /// True for a key, which there is only when its origin is made: where it is not kept, the
    /// origin has to be made anew.
    package let isKey: Bool

    package init(
        _ name: String, service: String, of origin: Address? = nil, isSecret: Bool = true,
        isKey: Bool = false
    ) {
        self.name = name
        self.service = service
        self.origin = origin
        self.isSecret = isSecret
        self.isKey = isKey
    }

    package var description: String { name }
}

/// Obtains ephemeral values: a provider, of those whose names begin with its own.
package protocol EphemeralSource: Sendable {
    /// The value, wrapped as if it were a secret although some are none.
    func secret(for ephemeral: Ephemeral) async throws -> Secret
}

extension Value {
    /// The value of another resource's attribute.
    package static func reference(_ address: Address, _ attribute: String) -> Value {
        .template([.reference(Reference(address, attribute))])
    }

    package subscript(_ key: String) -> Value? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, also when the API sent it as text or as a whole number.
    package var integer: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        case .string(let text): Int(text)
        default: nil
        }
    }

    package var boolean: Bool? {
        if case .boolean(let flag) = self { flag } else { nil }
    }

    package var list: [Value]? {
        if case .list(let values) = self { values } else { nil }
    }

    package var object: [String: Value]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var isNull: Bool { self == .null }

    /// Every reference inside, at any depth.
    package var references: [Reference] {
        segments.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// Every ephemeral value inside, at any depth.
    package var ephemerals: [Ephemeral] {
        segments.compactMap { if case .ephemeral(let ephemeral) = $0 { ephemeral } else { nil } }
    }

    private var segments: [Segment] {
        switch self {
        case .template(let segments): segments
        case .list(let values): values.flatMap(\.segments)
        case .object(let members): members.values.flatMap(\.segments)
        default: []
        }
    }

    /// True when no part waits for another resource or for a secret.
    package var isKnown: Bool { segments.isEmpty }

    /// Replaces what `known` answers for; the rest stays as it is.
    ///
    /// A template of a single reference becomes the referenced value with its type; any other
    /// becomes text. Text that took in a secret becomes a secret.
    package func resolving(_ known: (Segment) -> Value?) -> Value {
        switch self {
        case .list(let values): .list(values.map { $0.resolving(known) })
        case .object(let members): .object(members.mapValues { $0.resolving(known) })
        case .template(let segments): Self.joined(segments, known)
        default: self
        }
    }

    private static func joined(_ segments: [Segment], _ known: (Segment) -> Value?) -> Value {
        if segments.count == 1, let value = known(segments[0]) { return value }
        var resolved: [Segment] = []
        var text = ""
        var isSecret = false
        var isComplete = true
        for segment in segments {
            if case .text(let literal) = segment {
                text += literal
                resolved.append(segment)
                continue
            }
            switch known(segment) {
            case .secret(let secret)?:
                isSecret = true
                text += secret.revealed
                resolved.append(segment)
            case let value?:
                text += value.plainText
                resolved.append(.text(value.plainText))
            case nil:
                isComplete = false
                resolved.append(segment)
            }
        }
        guard isComplete else { return .template(resolved) }
        return isSecret ? .secret(Secret(text)) : .string(text)
    }

    /// The value as it would stand inside a longer text; a secret stays hidden.
    package var plainText: String {
        switch self {
        case .null: ""
        case .boolean(let flag): String(flag)
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): text
        case .list(let values): values.map(\.plainText).joined(separator: ",")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plainText)" }
                .joined(separator: ",")
        case .template(let segments): segments.map(\.description).joined()
        case .secret(let secret): secret.description
        }
    }
}

extension Sequence<Value> {
    /// In order of their plain text, which is made once for each.
    package var sortedByText: [Value] {
        map { ($0.plainText, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension Segment: CustomStringConvertible {
    package var description: String {
        switch self {
        case .text(let text): text
        case .reference(let reference): "${\(reference)}"
        case .ephemeral(let ephemeral): ephemeral.isSecret ? "(secret)" : "(\(ephemeral.name))"
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

extension Value: Codable {
    package init(from decoder: any Decoder) throws {
        // The common cases come first: a failed attempt costs more than a successful one.
        if let scalar = try? decoder.singleValueContainer(), let value = Self.scalar(in: scalar) {
            self = value
        } else if let members = try? decoder.container(keyedBy: AnyKey.self) {
            self = .object(
                try members.allKeys.reduce(into: [:]) { object, key in
                    object[key.stringValue] = try members.decode(Value.self, forKey: key)
                })
        } else {
            var elements = try decoder.unkeyedContainer()
            var values: [Value] = []
            while !elements.isAtEnd { values.append(try elements.decode(Value.self)) }
            self = .list(values)
        }
    }

    private static func scalar(in container: any SingleValueDecodingContainer) -> Value? {
        if container.decodeNil() { return .null }
        if let text = try? container.decode(String.self) { return .string(text) }
        if let number = try? container.decode(Int.self) { return .integer(number) }
        if let flag = try? container.decode(Bool.self) { return .boolean(flag) }
        return (try? container.decode(Double.self)).map(Value.number)
    }

    /// - Throws: `EncodingError` for a template or a secret, which no document may hold.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: AnyKey.self)
            for (name, value) in members { try container.encode(value, forKey: AnyKey(name)) }
        case .list(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .boolean(let flag): try container.encode(flag)
            case .integer(let number): try container.encode(number)
            case .number(let number): try container.encode(number)
            case .string(let text): try container.encode(text)
            case .template, .secret:
                throw EncodingError.invalidValue(
                    self,
                    .init(
                        codingPath: encoder.codingPath,
                        debugDescription: "a secret or unknown value cannot be written"))
            default: try container.encodeNil()
            }
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}
