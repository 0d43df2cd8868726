import Resources

import Foundation

/// An item: attribute values by name, each as `{"S": "text"}`.
///
/// Text, numbers, bytes, Booleans and nulls are known here; lists, maps and sets are refused.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html>
struct DynamoDBItem: Equatable {
    /// In bytes: 400 KB.
    static let largestSize = 400 << 10

    /// Each in its canonical form, so that equal values are equal here.
    let attributes: [String: Value]
    /// What DynamoDB counts, in bytes: names and values.
    let size: Int

    /// - Throws: `ValidationException`
    init(_ attributes: [String: Value]) throws {
        self.attributes = try attributes.mapValues(Self.canonical)
        size = self.attributes.reduce(0) { $0 + $1.key.utf8.count + Self.size(of: $1.value) }
    }

    /// - Throws: `ValidationException` when it is not one value of a known type.
    static func canonical(_ value: Value) throws -> Value {
        guard let members = value.object, let member = members.first else {
            throw invalid(
                "Supplied AttributeValue is empty, must contain exactly one of the supported "
                    + "datatypes")
        }
        guard members.count == 1 else {
            throw invalid(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly "
                    + "one of the supported datatypes")
        }
        switch member {
        case ("S", .string), ("BOOL", .boolean), ("NULL", .boolean(true)): return value
        case ("N", .string(let text)): return ["N": .string(try number(text))]
        case ("B", .string(let text)):
            guard let bytes = Data(base64Encoded: text) else {
                throw AWSError("SerializationException", "B is not Base64")
            }
            return ["B": .string(bytes.base64EncodedString())]
        default: throw invalid("There are no attribute values like \(member.key) here")
        }
    }

    /// Without leading and trailing zeros.
    private static func number(_ text: String) throws -> String {
        guard text.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?/) != nil,
            let number = Decimal(string: text)
        else { throw invalid("A value provided cannot be converted into a number") }
        guard text.count(where: \.isNumber) <= 38 else {
            throw invalid("Attempting to store more than 38 significant digits in a Number")
        }
        return "\(number)"
    }

    private static func size(of value: Value) -> Int {
        switch (value.object?.first?.key, value.object?.first?.value) {
        case ("S"?, .string(let text)?): text.utf8.count
        case ("B"?, .string(let text)?): Data(base64Encoded: text)?.count ?? 0
        case ("N"?, .string(let text)?): text.count / 2 + 1
        default: 1
        }
    }

    private static func invalid(_ message: String) -> AWSError {
        AWSError("ValidationException", message)
    }
}
