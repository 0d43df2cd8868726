import HTTP
import Resources

import Foundation

/// One call of a service that speaks JSON, such as `TrentService.Decrypt`.
struct AWSJSONCall {
    let operation: String
    let members: JSONMembers

    /// - Throws: `AWSError`
    init(_ request: SimulatedRequest, of service: AWSService) throws {
        let target = request.header("x-amz-target") ?? ""
        guard request.method == "POST", request.path == "/", request.query.isEmpty,
            request.header("content-type") == service.contentType,
            target.hasPrefix("\(service.target).")
        else { throw AWSError("UnknownOperationException", "") }
        operation = String(target.dropFirst(service.target.count + 1))
        guard
            let values = try? JSONDecoder().decode([String: Value].self, from: Data(request.body))
        else { throw AWSError("SerializationException", "The body is not a JSON object") }
        members = JSONMembers(values)
    }
}

extension AWSService {
    /// What stands before the operation in `X-Amz-Target`.
    fileprivate var target: String {
        switch self {
        case .dynamoDB: "DynamoDB_20120810"
        case .kms: "TrentService"
        case .ssm: "AmazonSSM"
        case .budgets: "AWSBudgetServiceGateway"
        case .cloudtrail: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
        case .ec2, .sts, .iam, .s3: ""
        }
    }

    fileprivate var contentType: String {
        "application/x-amz-json-\(self == .dynamoDB ? "1.0" : "1.1")"
    }

    /// An answer that is a JSON document.
    func json(
        _ members: [String: Value], status: Int = 200, headers: [HTTPHeader] = []
    ) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return HTTPResponse(
            status: status, headers: [HTTPHeader("Content-Type", contentType)] + headers,
            body: (try? encoder.encode(Value.object(members))).map(Array.init) ?? [])
    }
}
