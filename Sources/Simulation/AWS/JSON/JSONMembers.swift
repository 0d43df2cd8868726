import Resources

/// The members of a JSON request, or of a structure inside it.
///
/// Whatever an operation does not read is unknown to it, and refused by `rejectUnread`. A member
/// of another type than the one asked for is a `SerializationException`.
final class JSONMembers {
    private let values: [String: Value]
    private var unread: Set<String>
    private var structures: [JSONMembers] = []

    init(_ values: [String: Value]) {
        self.values = values.filter { !$0.value.isNull }
        unread = Set(self.values.keys)
    }

    func string(_ name: String) throws -> String? {
        try read(name, as: "a string") { $0.string }
    }

    /// - Throws: `ValidationException` when it is missing.
    func required(_ name: String) throws -> String { try present(try string(name), name) }

    func boolean(_ name: String) throws -> Bool? {
        try read(name, as: "a boolean") { $0.boolean }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        let number = try read(name, as: "an integer") { value in
            if case .integer(let number) = value { number } else { nil }
        }
        if let number, !range.contains(number) {
            throw Self.invalid(
                "Value '\(number)' at '\(name)' failed to satisfy constraint: Member must be "
                    + "between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    func number(_ name: String) throws -> Double? {
        try read(name, as: "a number") { value in
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            default: nil
            }
        }
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func choice(_ name: String, of allowed: [String]) throws -> String? {
        let text = try string(name)
        if let text, !allowed.contains(text) {
            throw Self.invalid(
                "Value '\(text)' at '\(name)' failed to satisfy constraint: Member must satisfy "
                    + "enum value set: [\(allowed.joined(separator: ", "))]")
        }
        return text
    }

    func object(_ name: String) throws -> [String: Value]? {
        try read(name, as: "an object") { $0.object }
    }

    /// A map from text to text.
    func texts(_ name: String) throws -> [String: String]? {
        try object(name)?.mapValues { value in
            guard let text = value.string else { throw Self.mistyped(name, "a map of strings") }
            return text
        }
    }

    /// The structure of that name, whose members are to be read too.
    func structure(_ name: String) throws -> JSONMembers? {
        try object(name).map(adopt)
    }

    /// A list of structures.
    func structures(_ name: String) throws -> [JSONMembers] {
        let list = try present(try read(name, as: "a list") { $0.list }, name)
        return try list.map { element in
            guard let members = element.object else {
                throw Self.mistyped(name, "a list of objects")
            }
            return adopt(members)
        }
    }

    /// - Throws: `ValidationException` when the operation left a member unread.
    func rejectUnread() throws {
        if let unknown = unread.min() {
            throw AWSError("ValidationException", "The parameter \(unknown) is not known here")
        }
        for structure in structures { try structure.rejectUnread() }
    }

    /// - Throws: `ValidationException` when there is no such member.
    func present<Member>(_ member: Member?, _ name: String) throws -> Member {
        guard let member else {
            throw Self.invalid(
                "Value null at '\(name)' failed to satisfy constraint: Member must not be null")
        }
        return member
    }

    private func adopt(_ members: [String: Value]) -> JSONMembers {
        let structure = JSONMembers(members)
        structures.append(structure)
        return structure
    }

    private func read<Member>(
        _ name: String, as type: String, _ convert: (Value) -> Member?
    ) throws -> Member? {
        unread.remove(name)
        guard let value = values[name] else { return nil }
        guard let member = convert(value) else { throw Self.mistyped(name, type) }
        return member
    }

    private static func mistyped(_ name: String, _ type: String) -> AWSError {
        AWSError("SerializationException", "\(name) is not \(type)")
    }

    private static func invalid(_ constraint: String) -> AWSError {
        AWSError("ValidationException", "1 validation error detected: \(constraint)")
    }
}
