import HTTP
import OrderedCollections
import Resources

import Foundation

/// DynamoDB in one region: tables with one text key, and conditional writes of whole items.
package final class SimulatedDynamoDB {
    typealias Operation = @Sendable (SimulatedDynamoDB, JSONMembers) throws -> [String: Value]

    unowned let core: WorldCore
    var tables: OrderedDictionary<String, DynamoDBTable> = [:]
    /// Actions that the credentials may not do: `dynamodb:PutItem`.
    package var denied: Set<String> = []

    init(_ core: WorldCore) {
        self.core = core
        for name in core.configuration.tables { give(name) }
    }

    var inventory: [String: Int] { ["dynamodb table": tables.values.count { !$0.isGiven }] }

    /// - Throws: `AWSError`
    func answer(_ call: AWSJSONCall, fault: VendorFault?) throws -> HTTPResponse {
        let operations = Self.tableOperations.merging(Self.itemOperations) { first, _ in first }
        guard let operation = operations[call.operation] else {
            throw AWSError("UnknownOperationException", "")
        }
        let action = "dynamodb:\(call.operation)"
        guard !denied.contains(action) else {
            let table = DynamoDBTable.arn("*", in: core.configuration.region)
            throw AWSError("AccessDeniedException", AWSError.denial(of: action, on: table))
        }
        if fault == .conflict, ["PutItem", "DeleteItem"].contains(call.operation) {
            throw AWSError("TransactionConflictException", "Transaction is ongoing for the item")
        }
        return AWSService.dynamoDB.json(try operation(self, call.members))
    }

    /// The whole name of an error's shape, as `__type` has it.
    static func shape(ofError code: String) -> String {
        switch code {
        case "ValidationException": "com.amazon.coral.validate#\(code)"
        case "ConditionalCheckFailedException", "ResourceNotFoundException",
            "ResourceInUseException", "TransactionConflictException",
            "ProvisionedThroughputExceededException", "InternalServerError":
            "com.amazonaws.dynamodb.v20120810#\(code)"
        default: "com.amazon.coral.service#\(code)"
        }
    }

    /// The table, ready for reading and writing.
    /// - Throws: `ResourceNotFoundException`
    func activeTable(_ name: String) throws -> DynamoDBTable {
        guard let table = tables[name], table.status == .active else {
            throw AWSError("ResourceNotFoundException", "Requested resource not found")
        }
        return table
    }
}
