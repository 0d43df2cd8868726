import Resources

import Foundation

/// A table whose items are found by one attribute that holds text.
struct DynamoDBTable {
    enum Status: String {
        case creating = "CREATING"
        case active = "ACTIVE"
        case deleting = "DELETING"
    }

    /// An item's place, which may be empty.
    struct Slot {
        var item: DynamoDBItem?
        /// What stood here before: an eventually consistent read may still see it.
        var former: DynamoDBItem?
        var changed: Date
    }

    let name: String
    /// `LockID`
    let hashKey: String
    /// Capacity units; `nil` for a table on demand.
    let throughput: (read: Int, write: Int)?
    let id: String
    let created: Date
    /// True when the world came with it, so that nobody has to remove it.
    let isGiven: Bool
    var status: Status
    var slots: [String: Slot] = [:]

    func item(_ key: String) -> DynamoDBItem? { slots[key]?.item }

    mutating func replace(_ key: String, with item: DynamoDBItem?, at time: Date) {
        slots[key] = Slot(item: item, former: slots[key]?.item, changed: time)
    }

    /// What CreateTable, DescribeTable and DeleteTable show.
    func description(in region: String) -> Value {
        let items = slots.values.compactMap(\.item)
        var members: [String: Value] = [
            "TableName": .string(name), "TableStatus": .string(status.rawValue),
            "TableId": .string(id), "TableArn": .string(Self.arn(name, in: region)),
            "CreationDateTime": .number(created.timeIntervalSince1970),
            "AttributeDefinitions": [
                ["AttributeName": .string(hashKey), "AttributeType": "S"]
            ],
            "KeySchema": [["AttributeName": .string(hashKey), "KeyType": "HASH"]],
            "ItemCount": .integer(items.count),
            "TableSizeBytes": .integer(items.reduce(0) { $0 + $1.size }),
            "ProvisionedThroughput": [
                "ReadCapacityUnits": .integer(throughput?.read ?? 0),
                "WriteCapacityUnits": .integer(throughput?.write ?? 0),
                "NumberOfDecreasesToday": 0,
            ],
            "DeletionProtectionEnabled": false,
        ]
        if throughput == nil {
            members["BillingModeSummary"] = ["BillingMode": "PAY_PER_REQUEST"]
        }
        return .object(members)
    }

    static func arn(_ name: String, in region: String) -> String {
        "arn:aws:dynamodb:\(region):\(SimulatedAWS.account):table/\(name)"
    }
}
