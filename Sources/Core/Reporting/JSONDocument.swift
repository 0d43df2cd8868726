import Foundation
import Resources

/// One machine-readable document, with sorted keys and a final newline.
func jsonDocument(_ value: Value) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return jsonText(value, encoder) + "\n"
}

/// The same on a single line, for streams.
func jsonLine(_ value: Value) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return jsonText(value, encoder) + "\n"
}

private func jsonText(_ value: Value, _ encoder: JSONEncoder) -> String {
    (try? encoder.encode(value.showable)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
}

extension Value {
    /// What may be printed: a secret as `(secret)`, what is not known yet as null.
    var showable: Value {
        switch self {
        case .secret(let secret): .string(secret.description)
        case .template: .null
        case .list(let values): .list(values.map(\.showable))
        case .object(let members): .object(members.mapValues(\.showable))
        default: self
        }
    }

    init(_ date: Date?) { self = date.map { .string($0.formatted(.iso8601)) } ?? .null }
    init(_ text: String?) { self = text.map(Value.string) ?? .null }
}
