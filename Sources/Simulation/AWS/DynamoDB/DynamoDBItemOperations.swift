import OrderedCollections
import Resources

import Foundation

/// Reading and conditionally writing items.
extension SimulatedDynamoDB {
    static let itemOperations: [String: Operation] = [
        "GetItem": { try $0.getItem($1) }, "PutItem": { try $0.putItem($1) },
        "DeleteItem": { try $0.deleteItem($1) },
    ]

    private func getItem(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("TableName")
        let key = try members.present(try members.object("Key"), "Key")
        let isConsistent = try members.boolean("ConsistentRead") ?? false
        try members.rejectUnread()
        let table = try activeTable(name)
        guard let slot = table.slots[try Self.key(key, of: table)] else { return [:] }
        let age = core.now.timeIntervalSince(slot.changed)
        let isSettled = age >= core.configuration.eventualConsistency.seconds
        let item = isConsistent || isSettled ? slot.item : slot.former
        return item.map { ["Item": .object($0.attributes)] } ?? [:]
    }

    private func putItem(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("TableName")
        let item = try DynamoDBItem(try members.present(try members.object("Item"), "Item"))
        let write = try Write(members)
        let table = try activeTable(name)
        let key = try Self.key(of: item, in: table)
        guard item.size <= DynamoDBItem.largestSize else {
            throw Self.invalid("Item size has exceeded the maximum allowed size")
        }
        return try perform(write, in: table, key, item)
    }

    private func deleteItem(_ members: JSONMembers) throws -> [String: Value] {
        let name = try members.required("TableName")
        let key = try members.present(try members.object("Key"), "Key")
        let write = try Write(members)
        let table = try activeTable(name)
        return try perform(write, in: table, try Self.key(key, of: table), nil)
    }

    /// What a write depends on, and what its answer tells.
    private struct Write {
        let condition: DynamoDBCondition?
        let showsFormer: Bool
        let showsObstacle: Bool

        /// Ends the reading of parameters.
        init(_ members: JSONMembers) throws {
            condition = try DynamoDBCondition.read(from: members)
            let choices = ["NONE", "ALL_OLD"]
            showsFormer = try members.choice("ReturnValues", of: choices) == "ALL_OLD"
            showsObstacle =
                try members.choice("ReturnValuesOnConditionCheckFailure", of: choices) == "ALL_OLD"
            try members.rejectUnread()
        }
    }

    private func perform(
        _ write: Write, in table: DynamoDBTable, _ key: String, _ item: DynamoDBItem?
    ) throws -> [String: Value] {
        let former = table.item(key)
        if let condition = write.condition, !condition.holds(for: former) {
            let obstacle = write.showsObstacle ? former : nil
            throw AWSError(
                "ConditionalCheckFailedException", "The conditional request failed",
                details: obstacle.map { ["Item": .object($0.attributes)] } ?? [:])
        }
        tables[table.name]?.replace(key, with: item, at: core.now)
        guard write.showsFormer, let former else { return [:] }
        return ["Attributes": .object(former.attributes)]
    }

    private static func key(of item: DynamoDBItem, in table: DynamoDBTable) throws -> String {
        guard let value = item.attributes[table.hashKey] else {
            throw invalid(
                "One or more parameter values were invalid: Missing the key \(table.hashKey) in "
                    + "the item")
        }
        guard let text = value["S"]?.string else {
            throw invalid(
                "One or more parameter values were invalid: Type mismatch for key "
                    + "\(table.hashKey) expected: S actual: \(value.object?.keys.first ?? "none")")
        }
        return try checked(text, of: table)
    }

    private static func key(_ key: [String: Value], of table: DynamoDBTable) throws -> String {
        guard key.count == 1, let value = key[table.hashKey],
            let text = try DynamoDBItem.canonical(value)["S"]?.string
        else { throw invalid("The provided key element does not match the schema") }
        return try checked(text, of: table)
    }

    private static func checked(_ key: String, of table: DynamoDBTable) throws -> String {
        guard !key.isEmpty else {
            throw invalid(
                "One or more parameter values are not valid. The AttributeValue for a key "
                    + "attribute cannot contain an empty string value. Key: \(table.hashKey)")
        }
        guard key.utf8.count <= 2048 else {
            throw invalid(
                "One or more parameter values were invalid: Size of hashkey has exceeded the "
                    + "maximum size limit of 2048 bytes")
        }
        return key
    }
}
