import Foundation

/// What is kept as JSON. Unlike `Codable` it works on a `Value` that is there already, so no
/// type has to be tried before another.
package protocol JSONCodable {
    /// Members that it does not know are ignored: a newer Launch may have written them.
    /// - Throws: `JSONMismatch` for a member that is missing or of another type.
    init(json: Value) throws

    var json: Value { get }
}

/// Where a JSON document is not what it should be: "services.web.resources[3].created_at is not
/// a time". It shows no value of the document.
package struct JSONMismatch: Error, Hashable, CustomStringConvertible {
    /// The way from the outermost value, each step written `.name` or `[3]`.
    private var path = ""
    private let problem: String

    package init(_ problem: String) { self.problem = problem }

    package var description: String {
        "\(path.isEmpty ? "the document" : String(path.trimmingPrefix("."))) \(problem)"
    }

    /// Runs `read` on what is one `step` further inside, which only an error has to know.
    fileprivate static func inside<Result>(
        _ step: @autoclosure () -> String, _ read: () throws -> Result
    ) throws -> Result {
        do {
            return try read()
        } catch var mismatch as JSONMismatch {
            mismatch.path = step() + mismatch.path
            throw mismatch
        }
    }
}

extension Value {
    /// The member `name`, which must be there.
    package func member<Member: JSONCodable>(_ name: String) throws -> Member {
        guard let member: Member = try optionalMember(name) else {
            return try JSONMismatch.inside(".\(name)") { throw JSONMismatch("is missing") }
        }
        return member
    }

    /// The member `name`; `nil` when there is none or it is null.
    package func optionalMember<Member: JSONCodable>(_ name: String) throws -> Member? {
        guard case .object(let members) = self else { throw JSONMismatch("is not an object") }
        guard let member = members[name], member != .null else { return nil }
        return try JSONMismatch.inside(".\(name)") { try Member(json: member) }
    }

    /// An object of those members that have a value.
    package static func members(_ members: KeyValuePairs<String, (any JSONCodable)?>) -> Value {
        .object(members.reduce(into: [:]) { $0[$1.key] = $1.value?.json })
    }
}

extension Value: JSONCodable {
    package init(json: Value) { self = json }
    package var json: Value { self }
}

extension String: JSONCodable {
    package init(json: Value) throws {
        guard case .string(let text) = json else { throw JSONMismatch("is not a text") }
        self = text
    }

    package var json: Value { .string(self) }
}

extension Int: JSONCodable {
    package init(json: Value) throws {
        guard case .integer(let number) = json else { throw JSONMismatch("is not an integer") }
        self = number
    }

    package var json: Value { .integer(self) }
}

extension Date: JSONCodable {
    package init(json: Value) throws {
        guard case .string(let text) = json, let date = Date(timestamp: text) else {
            throw JSONMismatch("is not a time")
        }
        self = date
    }

    package var json: Value { .string(timestamp) }
}

extension Address: JSONCodable {
    package init(json: Value) throws {
        guard case .string(let text) = json, let address = Address(text) else {
            throw JSONMismatch("is not an address")
        }
        self = address
    }

    package var json: Value { .string(description) }
}

extension Array: JSONCodable where Element: JSONCodable {
    package init(json: Value) throws {
        guard case .list(let values) = json else { throw JSONMismatch("is not a list") }
        self = try values.enumerated().map { index, value in
            try JSONMismatch.inside("[\(index)]") { try Element(json: value) }
        }
    }

    package var json: Value { .list(map(\.json)) }
}

extension Dictionary: JSONCodable where Key == String, Value: JSONCodable {
    package init(json: Resources.Value) throws {
        guard case .object(let members) = json else { throw JSONMismatch("is not an object") }
        self.init(minimumCapacity: members.count)
        for (name, value) in members {
            self[name] = try JSONMismatch.inside(".\(name.onOneLine)") { try Value(json: value) }
        }
    }

    package var json: Resources.Value { .object(mapValues(\.json)) }
}

extension JSONCodable where Self: RawRepresentable<String> {
    package init(json: Value) throws {
        guard let known = Self(rawValue: try String(json: json)) else {
            throw JSONMismatch("is none of the known words")
        }
        self = known
    }

    package var json: Value { .string(rawValue) }
}
