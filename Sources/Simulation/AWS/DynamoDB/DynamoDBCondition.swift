import Resources

/// A `ConditionExpression`: tests of whole attributes, joined by `AND` and `OR`.
///
/// Only `attribute_exists(a)`, `attribute_not_exists(a)` and `a = :v` are known here, without
/// parentheses; everything else is refused.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>
struct DynamoDBCondition: Equatable {
    enum Test: Equatable {
        case exists(String)
        case absent(String)
        case equals(String, Value)

        func holds(for item: DynamoDBItem?) -> Bool {
            switch self {
            case .exists(let name): item?.attributes[name] != nil
            case .absent(let name): item?.attributes[name] == nil
            case .equals(let name, let value): item?.attributes[name] == value
            }
        }
    }

    /// One must hold, and in it every test: `AND` binds closer than `OR`.
    let alternatives: [[Test]]

    func holds(for item: DynamoDBItem?) -> Bool {
        alternatives.contains { tests in tests.allSatisfy { $0.holds(for: item) } }
    }

    /// Reads the expression and what it refers to.
    /// - Returns: `nil` when the request has no condition.
    /// - Throws: `ValidationException`, also for a name or value that is not used.
    static func read(from members: JSONMembers) throws -> DynamoDBCondition? {
        let expression = try members.string("ConditionExpression")
        let names = try members.texts("ExpressionAttributeNames")
        let values = try members.object("ExpressionAttributeValues")
        guard let expression else {
            for (given, kind) in [(names != nil, "Names"), (values != nil, "Values")] where given {
                throw AWSError(
                    "ValidationException",
                    "ExpressionAttribute\(kind) can only be specified when using expressions")
            }
            return nil
        }
        var parser = Parser(
            expression, names: names ?? [:],
            values: try (values ?? [:]).mapValues(DynamoDBItem.canonical))
        let condition = DynamoDBCondition(alternatives: try parser.alternatives())
        try parser.checkAllUsed()
        return condition
    }
}

extension DynamoDBCondition {
    private struct Parser {
        private var tokens: ArraySlice<Substring>
        private let names: [String: String]
        private let values: [String: Value]
        private var used: Set<String> = []

        init(_ expression: String, names: [String: String], values: [String: Value]) {
            let token = /[#:]?[A-Za-z0-9_]+|<>|[<>]=|\S/
            tokens = expression.matches(of: token).map(\.output)[...]
            self.names = names
            self.values = values
        }

        mutating func alternatives() throws -> [[Test]] {
            var alternatives = [[try test()]]
            while let word = tokens.popFirst() {
                switch word.uppercased() {
                case "AND": alternatives[alternatives.count - 1].append(try test())
                case "OR": alternatives.append([try test()])
                default: throw syntaxError(at: word)
                }
            }
            return alternatives
        }

        func checkAllUsed() throws {
            for (kind, given) in [("Names", Set(names.keys)), ("Values", Set(values.keys))] {
                guard let unused = given.subtracting(used).min() else { continue }
                throw Self.invalid(
                    "Value provided in ExpressionAttribute\(kind) unused in expressions: "
                        + "keys: {\(unused)}")
            }
        }

        private mutating func test() throws -> Test {
            let word = try next()
            switch word {
            case "attribute_exists": return .exists(try argument())
            case "attribute_not_exists": return .absent(try argument())
            default:
                let name = try attribute(word)
                try expect("=")
                return .equals(name, try value(try next()))
            }
        }

        private mutating func argument() throws -> String {
            try expect("(")
            let name = try attribute(try next())
            try expect(")")
            return name
        }

        private mutating func attribute(_ word: Substring) throws -> String {
            if word.hasPrefix("#") {
                used.insert(String(word))
                guard let name = names[String(word)] else {
                    throw Self.invalid(
                        "Invalid ConditionExpression: An expression attribute name used in the "
                            + "document path is not defined; attribute name: \(word)")
                }
                return name
            }
            guard word.first?.isLetter == true, !["AND", "OR"].contains(word.uppercased()) else {
                throw syntaxError(at: word)
            }
            guard !DynamoDBReservedWords.contains(String(word)) else {
                throw Self.invalid(
                    "Invalid ConditionExpression: Attribute name is a reserved keyword; "
                        + "reserved keyword: \(word)")
            }
            return String(word)
        }

        private mutating func value(_ word: Substring) throws -> Value {
            guard word.hasPrefix(":"), word.count > 1 else { throw syntaxError(at: word) }
            used.insert(String(word))
            guard let value = values[String(word)] else {
                throw Self.invalid(
                    "Invalid ConditionExpression: An expression attribute value used in "
                        + "expression is not defined; attribute value: \(word)")
            }
            return value
        }

        private mutating func next() throws -> Substring {
            guard let word = tokens.popFirst() else { throw syntaxError(at: "<EOF>") }
            return word
        }

        private mutating func expect(_ symbol: Substring) throws {
            let word = try next()
            guard word == symbol else { throw syntaxError(at: word) }
        }

        private func syntaxError(at token: Substring) -> AWSError {
            Self.invalid("Invalid ConditionExpression: Syntax error; token: \"\(token)\"")
        }

        private static func invalid(_ message: String) -> AWSError {
            AWSError("ValidationException", message)
        }
    }
}
