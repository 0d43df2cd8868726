package import HTTP
package import Journal
package import Resources

import Foundation

/// One item of a DynamoDB table, replaced by who knows its version.
///
/// The table is laid out as Terraform's S3 backend wants it, and may be the same one: its items
/// are `<bucket>/<key>` and `<bucket>/<key>-md5`, these are `<bucket>/<key>.launch-leases` and
/// `<bucket>/<key>.launch-probe`.
package struct DynamoDBRegister: Register {
    /// DynamoDB's own limit, names included.
    private static let largestItem = 400 * 1024

    package enum Purpose: String, Sendable {
        case leases
        /// For `StorageProof`.
        case probe
    }

    private let table: String
    private let item: String
    private let region: String
    private let service: JSONService

    /// - Parameters:
    ///   - state: `<bucket>/<key>` of the state.
    ///   - purpose: what the item holds, as its name ends.
    ///   - endpoint: without a slash at the end.
    ///   - http: signs for DynamoDB in `region`.
    package init(
        table: String, state: String, purpose: Purpose = .leases, region: String, endpoint: String,
        http: any SigningHTTPClient, time: any TimeSource, random: any RandomSource
    ) {
        self.table = table
        self.region = region
        item = "\(state).launch-\(purpose.rawValue)"
        service = JSONService(
            endpoint: endpoint, version: "1.0", targetPrefix: "DynamoDB_20120810",
            caller: ServiceCaller(
                location: "dynamodb://\(table)", service: "DynamoDB",
                endpointSetting: "AWS_ENDPOINT_URL_DYNAMODB", http: http, time: time,
                random: random))
    }

    package var location: String { "\(service.caller.location)/\(item)" }

    package func get() async throws -> StoredObject? {
        let input: Value = [
            "TableName": .string(table), "Key": ["LockID": ["S": .string(item)]],
            "ConsistentRead": true,
        ]
        switch try await service.call("GetItem", input) {
        case .success(let output): return try output["Item"].map(object)
        case .failure(let refusal): throw meaning(of: refusal, for: "GetItem")
        }
    }

    package func put(
        _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        let version = service.caller.random.hexadecimal(32)
        try checkSize(bytes)
        var input: [String: Value] = [
            "TableName": .string(table),
            "Item": [
                "LockID": ["S": .string(item)], "Document": Self.attribute(bytes),
                "Version": ["S": .string(version)],
            ],
        ]
        switch condition {
        case .absent: input["ConditionExpression"] = "attribute_not_exists(LockID)"
        case .tag(let seen):
            input["ConditionExpression"] = "Version = :seen"
            input["ExpressionAttributeValues"] = [":seen": ["S": .string(seen)]]
        }
        switch try await service.call("PutItem", .object(input)) {
        case .success: return .written(tag: version)
        case .failure(let refusal) where refusal.code == "ConditionalCheckFailedException":
            return .refused
        case .failure(let refusal): throw meaning(of: refusal, for: "PutItem")
        }
    }

    // MARK: - The item

    /// Text where it is text, so that people can read it in the console.
    private static func attribute(_ bytes: [UInt8]) -> Value {
        if let text = String(validating: bytes, as: UTF8.self) { return ["S": .string(text)] }
        return ["B": .string(Data(bytes).base64EncodedString())]
    }

    private func object(_ item: Value) throws -> StoredObject {
        let document = item["Document"]
        let bytes =
            document?["S"]?.string.map { Array($0.utf8) }
            ?? document?["B"]?.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
        guard let bytes, let version = item["Version"]?["S"]?.string else {
            throw StateError.corrupt(
                location: service.caller.location,
                detail: "the item \(self.item) has no Document and Version")
        }
        return StoredObject(bytes: bytes, tag: version)
    }

    private func checkSize(_ bytes: [UInt8]) throws {
        let names = ["LockID", "Document", "Version"].joined().utf8.count
        let size = names + item.utf8.count + bytes.count + 32
        guard size > Self.largestItem else { return }
        throw StateError.unwritable(
            location: service.caller.location,
            detail: "the item would have \(size) bytes; DynamoDB takes \(Self.largestItem)")
    }

    // MARK: - Errors

    private func meaning(of refusal: Refusal, for operation: String) -> StateError {
        let caller = service.caller
        return switch refusal.code {
        case "ResourceNotFoundException"?:
            caller.inaccessible(
                "there is no table \"\(table)\" in \(region)",
                remedy: "Create it with `\(creation)`.")
        case "ValidationException"?:
            caller.inaccessible(
                refusal.words,
                remedy: "Name a table in `state.lock_table` whose only key is the text LockID, as "
                    + "made by `\(creation)`.")
        case "AccessDeniedException"?:
            caller.inaccessible(
                refusal.words,
                remedy: "Grant dynamodb:\(operation) on the table \(table) to the credentials from "
                    + "\(caller.http.credentialOrigin).")
        default: caller.meaning(of: refusal)
        }
    }

    /// The command that makes the table.
    private var creation: String {
        "aws dynamodb create-table --region \(region) --table-name \(table) "
            + "--attribute-definitions AttributeName=LockID,AttributeType=S "
            + "--key-schema AttributeName=LockID,KeyType=HASH --billing-mode PAY_PER_REQUEST"
    }
}
