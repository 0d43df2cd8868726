import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct DynamoDBTests {
    private static func withTable<Result: Sendable>(
        consistentAfter delay: Duration = .zero,
        _ body: @escaping @Sendable (AWSSession) async throws -> Result
    ) async throws -> Result {
        var configuration = WorldConfiguration()
        configuration.tables = ["locks"]
        configuration.eventualConsistency = delay
        return try await withAWS(configuration, body)
    }

    private static func put(
        _ info: String, _ more: [String: Value] = [:]
    ) -> Value {
        let usual: [String: Value] = [
            "TableName": "locks", "Item": ["LockID": ["S": "a"], "Info": ["S": .string(info)]],
        ]
        return .object(usual.merging(more) { $1 })
    }

    private static let read: Value = [
        "TableName": "locks", "Key": ["LockID": ["S": "a"]], "ConsistentRead": true,
    ]

    @Test func aHeldLockIsRefusedWithItsHolder() async throws {
        let answers = try await Self.withTable { aws in
            let taking: [String: Value] = [
                "ConditionExpression": "attribute_not_exists(LockID)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            ]
            return [
                try await aws.dynamoDB("PutItem", Self.put("me", taking)),
                try await aws.dynamoDB("PutItem", Self.put("you", taking)),
                try await aws.dynamoDB("GetItem", Self.read),
            ]
        }
        let held: Value = ["LockID": ["S": "a"], "Info": ["S": "me"]]
        #expect(
            answers == [
                .init(status: 200, document: [:]),
                .init(
                    status: 400,
                    document: [
                        "__type":
                            "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                        "message": "The conditional request failed", "Item": held,
                    ]),
                .init(status: 200, document: ["Item": held]),
            ])
    }

    /// Conditions against an item whose `Info` is `me` and which has no `Expiry`.
    @Test(arguments: [
        ("attribute_exists(Info)", true),
        ("attribute_exists(Expiry)", false),
        ("attribute_not_exists(Expiry)", true),
        ("Info = :me", true),
        ("Info=:you", false),
        ("Expiry = :me", false),
        ("#i = :me and attribute_exists( LockID )", true),
        ("Info = :you OR Info = :me AND attribute_exists(LockID)", true),
        ("Info = :me OR Info = :you AND attribute_exists(Expiry)", true),
        ("Info = :you AND attribute_exists(LockID) OR attribute_exists(Expiry)", false),
    ])
    func conditionsHold(_ expression: String, _ holds: Bool) async throws {
        let code = try await Self.withTable { aws in
            _ = try await aws.dynamoDB("PutItem", Self.put("me"))
            return try await aws.dynamoDB(
                "PutItem", Self.put("new", Self.condition(expression))
            ).code
        }
        #expect(code == (holds ? "ok" : "ConditionalCheckFailedException"))
    }

    @Test(arguments: [
        "", "Info", "Info =", "= :me", "Info = Expiry", "Info <> :me", "Info < :me",
        "NOT attribute_exists(Info)", "attribute_exists(Info) attribute_exists(LockID)",
        "attribute_exists(Info) AND", "(Info = :me)", "attribute_type(Info, :me)",
        "begins_with(Info, :me)", "attribute_exists(a.b)", "attribute_exists(Owner)",
        "attribute_exists(#none)", "Info = :none", "size(Info) = :me", "attribute_exists()",
    ])
    func otherConditionsAreRefused(_ expression: String) async throws {
        let codes = try await Self.withTable { aws in
            let put = Self.put("new", Self.condition(expression))
            return [
                try await aws.dynamoDB("PutItem", put).code,
                String(aws.world.locked { $0.aws?.dynamoDB.items(in: "locks").count ?? -1 }),
            ]
        }
        #expect(codes == ["ValidationException", "0"])
    }

    private static func condition(_ expression: String) -> [String: Value] {
        var members: [String: Value] = ["ConditionExpression": .string(expression)]
        let values = [":me", ":you"].filter { expression.contains($0) }
        if !values.isEmpty {
            members["ExpressionAttributeValues"] = .object(
                Dictionary(
                    uniqueKeysWithValues: values.map {
                        ($0, ["S": .string(String($0.dropFirst()))])
                    }
                ))
        }
        if expression.contains("#i") { members["ExpressionAttributeNames"] = ["#i": "Info"] }
        return members
    }

    /// What DynamoDB says of a request that it does not carry out.
    @Test(
        arguments: [
            ("PutItem", put("x", ["TableName": "none"]), "ResourceNotFoundException"),
            ("PutItem", put("x", ["Expected": [:]]), "ValidationException"),
            ("PutItem", put("x", ["ReturnValues": "ALL_NEW"]), "ValidationException"),
            ("PutItem", put("x", ["ExpressionAttributeNames": ["#a": "b"]]), "ValidationException"),
            (
                "PutItem",
                put(
                    "x",
                    [
                        "ConditionExpression": "attribute_exists(Info)",
                        "ExpressionAttributeValues": [":a": ["S": "b"]],
                    ]), "ValidationException"
            ),
            ("PutItem", put("x", ["Item": ["Info": ["S": "x"]]]), "ValidationException"),
            ("PutItem", put("x", ["Item": ["LockID": ["N": "1"]]]), "ValidationException"),
            ("PutItem", put("x", ["Item": ["LockID": ["S": ""]]]), "ValidationException"),
            (
                "PutItem", put("x", ["Item": ["LockID": ["S": "a", "N": "1"]]]),
                "ValidationException"
            ),
            ("PutItem", put("x", ["Item": ["LockID": [:]]]), "ValidationException"),
            ("PutItem", put(String(repeating: "x", count: 409_600 - 10)), "ValidationException"),
            ("PutItem", put(String(repeating: "x", count: 409_600 - 11)), "ok"),
            ("PutItem", put("x", ["Item": "a"]), "SerializationException"),
            ("PutItem", ["TableName": "locks"], "ValidationException"),
            (
                "GetItem", ["TableName": "locks", "Key": ["Other": ["S": "a"]]],
                "ValidationException"
            ),
            ("DeleteItem", ["TableName": "locks", "Key": ["LockID": ["S": "a"]]], "ok"),
            ("UpdateItem", [:], "UnknownOperationException"),
            ("DescribeTable", ["TableName": "none"], "ResourceNotFoundException"),
            ("DeleteTable", ["TableName": "none"], "ResourceNotFoundException"),
        ] as [(String, Value, String)])
    func answers(_ operation: String, _ members: Value, _ code: String) async throws {
        let found = try await Self.withTable { try await $0.dynamoDB(operation, members).code }
        #expect(found == code)
    }

    @Test func tablesTakeTheirTime() async throws {
        let states = try await withAWS { aws in
            let create: Value = [
                "TableName": "locks", "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [["AttributeName": "LockID", "KeyType": "HASH"]],
                "AttributeDefinitions": [["AttributeName": "LockID", "AttributeType": "S"]],
            ]
            let name: Value = ["TableName": "locks"]
            func status() async throws -> String {
                let reply = try await aws.dynamoDB("DescribeTable", name)
                return reply["Table"]?["TableStatus"]?.string ?? reply.code
            }
            var states = [try await aws.dynamoDB("CreateTable", create).code, try await status()]
            states.append(try await aws.dynamoDB("CreateTable", create).code)
            states.append(try await aws.dynamoDB("PutItem", Self.put("early")).code)
            states.append(try await aws.dynamoDB("DeleteTable", name).code)
            aws.clock.advance(by: .seconds(8))
            states += [try await status(), try await aws.dynamoDB("PutItem", Self.put("x")).code]
            #expect(aws.world.inventory == ["dynamodb table": 1])
            states += [try await aws.dynamoDB("DeleteTable", name).code, try await status()]
            aws.clock.advance(by: .seconds(8))
            return states + [try await status()]
        }
        #expect(
            states == [
                "ok", "CREATING", "ResourceInUseException", "ResourceNotFoundException",
                "ResourceInUseException", "ACTIVE", "ok", "ok", "DELETING",
                "ResourceNotFoundException",
            ])
    }

    @Test(
        arguments: [
            (["BillingMode": "PROVISIONED"], "ValidationException"),
            (["ProvisionedThroughput": ["ReadCapacityUnits": 1]], "ValidationException"),
            (
                ["ProvisionedThroughput": ["ReadCapacityUnits": 1, "WriteCapacityUnits": 2]], "ok"
            ),
            (
                ["KeySchema": [["AttributeName": "Other", "KeyType": "HASH"]]],
                "ValidationException"
            ),
            (["TableName": "a b"], "ValidationException"),
            (["StreamSpecification": ["StreamEnabled": false]], "ValidationException"),
        ] as [([String: Value], String)])
    func tableRequestsAreChecked(_ change: [String: Value], _ code: String) async throws {
        let usual: [String: Value] = [
            "TableName": "locks",
            "KeySchema": [["AttributeName": "LockID", "KeyType": "HASH"]],
            "AttributeDefinitions": [["AttributeName": "LockID", "AttributeType": "S"]],
        ]
        let found = try await withAWS {
            try await $0.dynamoDB("CreateTable", .object(usual.merging(change) { $1 })).code
        }
        #expect(found == code)
    }

    @Test func aPlainReadMayBeStale() async throws {
        let infos = try await Self.withTable(consistentAfter: .seconds(1)) { aws in
            func info(consistent: Bool) async throws -> String? {
                var read = Self.read.object ?? [:]
                read["ConsistentRead"] = .boolean(consistent)
                return try await aws.dynamoDB("GetItem", .object(read))["Item"]?["Info"]?["S"]?
                    .string
            }
            _ = try await aws.dynamoDB("PutItem", Self.put("first"))
            aws.clock.advance(by: .seconds(1))
            _ = try await aws.dynamoDB("PutItem", Self.put("second"))
            let early = [try await info(consistent: false), try await info(consistent: true)]
            aws.clock.advance(by: .seconds(1))
            return early + [try await info(consistent: false)]
        }
        #expect(infos == ["first", "second", "second"])
    }

    @Test func itRefusesWhatItIsTold() async throws {
        let codes = try await Self.withTable { aws in
            #expect(aws.world.inventory == [:])
            aws.world.locked { $0.aws?.dynamoDB.denied = ["dynamodb:PutItem"] }
            let denied = try await aws.dynamoDB("PutItem", Self.put("x")).code
            aws.world.locked { $0.aws?.dynamoDB.denied = [] }
            var codes = [denied]
            for fault in [VendorFault.throttled, .conflict] {
                aws.world.setFaults(.matching(.vendor(fault)) { _ in true })
                codes.append(try await aws.dynamoDB("PutItem", Self.put("x")).code)
            }
            return codes
        }
        #expect(
            codes == [
                "AccessDeniedException", "ProvisionedThroughputExceededException",
                "TransactionConflictException",
            ])
    }
}
