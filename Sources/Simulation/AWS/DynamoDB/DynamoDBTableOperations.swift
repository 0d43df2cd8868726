import OrderedCollections
import Resources

/// Making and removing tables, which takes DynamoDB a while.
extension SimulatedDynamoDB {
    static let tableOperations: [String: Operation] = [
        "CreateTable": { try $0.createTable($1) },
        "DescribeTable": { dynamoDB, members in
            let name = try members.required("TableName")
            try members.rejectUnread()
            return ["Table": dynamoDB.description(of: try dynamoDB.table(name))]
        },
        "DeleteTable": { try $0.deleteTable($1) },
    ]

    private func createTable(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("TableName")
        let hashKey = try Self.hashKey(members)
        let throughput = try Self.throughput(members)
        try members.rejectUnread()
        guard name.wholeMatch(of: /[a-zA-Z0-9_.-]{3,255}/) != nil else {
            throw Self.invalid(
                "TableName must be at least 3 characters long and at most 255 characters long, "
                    + "and may contain only a-z, A-Z, 0-9, '_', '-' and '.'")
        }
        guard tables[name] == nil else {
            throw AWSError("ResourceInUseException", "Table already exists: \(name)")
        }
        let table = addTable(name, hashKey: hashKey, throughput: throughput, status: .creating)
        core.schedule(after: core.configuration.instanceTime) { [unowned self] in
            tables[name]?.status = .active
        }
        return ["TableDescription": description(of: table)]
    }

    private func deleteTable(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("TableName")
        try members.rejectUnread()
        var table = try table(name)
        guard table.status == .active else {
            throw AWSError(
                "ResourceInUseException",
                "Attempt to change a resource which is still in use: Table is being "
                    + "\(table.status == .creating ? "created" : "deleted"): \(name)")
        }
        table.status = .deleting
        tables[name] = table
        core.schedule(after: core.configuration.instanceTime) { [unowned self] in
            tables[name] = nil
        }
        return ["TableDescription": description(of: table)]
    }

    @discardableResult
    func addTable(
        _ name: String, hashKey: String = "LockID", throughput: (read: Int, write: Int)? = nil,
        status: DynamoDBTable.Status = .active, isGiven: Bool = false
    ) -> DynamoDBTable {
        let table = DynamoDBTable(
            name: name, hashKey: hashKey, throughput: throughput, id: core.random.hexadecimal(32),
            created: core.now, isGiven: isGiven, status: status)
        tables[name] = table
        return table
    }

    private func table(_ name: String) throws -> DynamoDBTable {
        guard let table = tables[name] else {
            throw AWSError(
                "ResourceNotFoundException",
                "Requested resource not found: Table: \(name) not found")
        }
        return table
    }

    private func description(of table: DynamoDBTable) -> Value {
        table.description(in: core.configuration.region)
    }

    private static func hashKey(_ members: JSONMembers) throws -> String {
        let schema = try members.structures("KeySchema").map {
            (name: try $0.required("AttributeName"), role: try $0.required("KeyType"))
        }
        let definitions = try members.structures("AttributeDefinitions").map {
            (name: try $0.required("AttributeName"), type: try $0.required("AttributeType"))
        }
        guard schema.count == 1, schema[0].role == "HASH" else {
            throw invalid("Only a table with one key, of type HASH, can be made here")
        }
        guard definitions.map(\.name) == [schema[0].name] else {
            throw invalid(
                "One or more parameter values were invalid: KeySchema and AttributeDefinitions "
                    + "do not name the same attributes")
        }
        guard definitions[0].type == "S" else {
            throw invalid("Only a table with a key of type S can be made here")
        }
        return schema[0].name
    }

    /// Capacity units; `nil` for a table on demand.
    private static func throughput(_ members: JSONMembers) throws -> (read: Int, write: Int)? {
        let mode = try members.choice("BillingMode", of: ["PROVISIONED", "PAY_PER_REQUEST"])
        let units = try members.structure("ProvisionedThroughput")
        let read = try units?.integer("ReadCapacityUnits", in: 1...40_000)
        let write = try units?.integer("WriteCapacityUnits", in: 1...40_000)
        switch (mode, read, write) {
        case ("PAY_PER_REQUEST", nil, nil): return nil
        case ("PAY_PER_REQUEST", _, _):
            throw invalid(
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
                    + "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
        case (_, let read?, let write?): return (read, write)
        default:
            throw invalid(
                "One or more parameter values were invalid: ReadCapacityUnits and "
                    + "WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
        }
    }

    static func invalid(_ message: String) -> AWSError {
        AWSError("ValidationException", message)
    }
}
