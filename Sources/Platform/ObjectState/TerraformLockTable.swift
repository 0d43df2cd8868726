package import HTTP
package import Resources

/// The DynamoDB table in which Terraform's S3 backend locks its states; it is only read.
///
/// <https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>
package struct TerraformLockTable: Sendable {
    private let table: String
    private let region: String
    private let service: JSONService

    /// - Parameters:
    ///   - endpoint: without a slash at the end.
    ///   - http: signs for DynamoDB in `region`.
    package init(
        _ table: String, region: String, endpoint: String, http: any SigningHTTPClient,
        time: any TimeSource, random: any RandomSource
    ) {
        self.table = table
        self.region = region
        service = JSONService(
            endpoint: endpoint, version: "1.0", targetPrefix: "DynamoDB_20120810",
            caller: ServiceCaller(
                location: "dynamodb://\(table)", service: "DynamoDB",
                endpointSetting: "AWS_ENDPOINT_URL_DYNAMODB", settings: "--lock-table",
                http: http, time: time, random: random))
    }

    /// What Terraform wrote down of its lock; `nil` when the state is not locked.
    ///
    /// - Parameter state: `<bucket>/<key>`.
    package func lock(of state: String) async throws -> [UInt8]? {
        let input: Value = [
            "TableName": .string(table), "Key": ["LockID": ["S": .string(state)]],
            "ConsistentRead": true,
        ]
        switch try await service.call("GetItem", input) {
        case .success(let output):
            return output["Item"].map { Array(($0["Info"]?["S"]?.string ?? "").utf8) }
        case .failure(let refusal): throw meaning(of: refusal)
        }
    }

    private func meaning(of refusal: Refusal) -> StateError {
        let caller = service.caller
        return switch refusal.code {
        case "ResourceNotFoundException"?:
            caller.inaccessible(
                "there is no table \"\(table)\" in \(region)",
                remedy: "Name with --lock-table the one that the backend's `dynamodb_table` names, "
                    + "or set AWS_REGION to where it is.")
        case "AccessDeniedException"?:
            caller.inaccessible(
                refusal.words,
                remedy: "Grant dynamodb:GetItem on the table \(table) to the credentials from "
                    + "\(caller.http.credentialOrigin).")
        default: caller.meaning(of: refusal)
        }
    }
}
