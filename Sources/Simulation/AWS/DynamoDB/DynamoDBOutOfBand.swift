package import Resources

import OrderedCollections

/// What people do to tables without asking the API.
extension SimulatedDynamoDB {
    /// Makes a table with the key `LockID` that the inventory does not count.
    /// - Returns: False when there is one.
    @discardableResult
    package func give(_ table: String) -> Bool {
        guard tables[table] == nil else { return false }
        addTable(table, isGiven: true)
        return true
    }

    /// Every item of a table, by key: attribute values by name.
    package func items(in table: String) -> [String: [String: Value]] {
        tables[table]?.slots.compactMapValues { $0.item?.attributes } ?? [:]
    }

    /// Removes an item.
    package func remove(_ key: String, from table: String) {
        tables[table]?.replace(key, with: nil, at: core.now)
    }

    /// Puts an item in place of another.
    /// - Returns: False when there is no such table, or no such item can be.
    @discardableResult
    package func put(_ key: String, _ attributes: [String: Value], into table: String) -> Bool {
        guard let hashKey = tables[table]?.hashKey,
            let item = try? DynamoDBItem(
                attributes.merging([hashKey: ["S": .string(key)]]) { $1 })
        else { return false }
        tables[table]?.replace(key, with: item, at: core.now)
        return true
    }
}
