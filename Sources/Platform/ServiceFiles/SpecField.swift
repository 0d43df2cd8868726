package import Resources

/// One key of a spec file. The reader, the JSON Schema and the messages are derived from it.
package struct SpecField: Sendable {
    package let name: String
    package let shape: SpecShape
    package let isRequired: Bool
    /// What holds when the key is left out. A field without one may also be `null`.
    package let fallback: Value?
    /// For people and their editors.
    package let description: String

    init(
        _ name: String, _ shape: SpecShape, required isRequired: Bool = false,
        fallback: Value? = nil, _ description: String
    ) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        self.fallback = fallback
        self.description = description
    }

    /// True when `null` means the same as leaving the key out.
    var isNullable: Bool { !isRequired && fallback == nil }
}

/// What a value must look like.
package indirect enum SpecShape: Sendable {
    case text(TextRule)
    case choice([String])
    case integer(ClosedRange<Int>)
    case boolean
    case size(SizeRule)
    case networkBlock
    case list(of: SpecShape, atLeast: Int)
    case mapping([SpecField])
    /// A scalar or a mapping.
    case either(SpecShape, SpecShape)

    static func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> SpecShape
    where Choice.RawValue == String {
        .choice(Choice.allCases.map(\.rawValue))
    }
}

extension SpecShape {
    /// What is allowed, to follow "must be".
    var expectation: String {
        switch self {
        case .text(let rule): return rule.meaning
        case .choice(let names): return names.joinedAsChoice
        case .integer(let range) where range.upperBound == .max:
            return "a whole number from \(range.lowerBound) up"
        case .integer(let range):
            return "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: return "true or false"
        case .size(let rule): return rule.meaning
        case .networkBlock: return "a network such as 10.0.0.0/8 or 2001:db8::/32"
        case .list(let element, 0): return "a list, each \(element.expectation)"
        case .list(let element, _): return "a list that is not empty, each \(element.expectation)"
        case .mapping(let fields):
            return "{\(fields.map(\.name).joined(separator: ", "))}"
        case .either(let scalar, let mapping):
            return "\(scalar.expectation), or \(mapping.expectation)"
        }
    }
}

extension [String] {
    /// `a, b or c`.
    var joinedAsChoice: String {
        guard let last, count > 1 else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) or \(last)"
    }
}
