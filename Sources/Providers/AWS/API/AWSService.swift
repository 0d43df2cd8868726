/// The services that are called, with what tells their requests apart.
///
/// Names and versions as in the service models, <https://github.com/aws/api-models-aws>.
package enum AWSService: String, Sendable, CaseIterable {
    case ec2, sts, iam, ssm, s3, dynamodb, kms, budgets, pricing, cloudtrail

    /// The version of the query API; the other protocols do not send one.
    var version: String {
        switch self {
        case .ec2: "2016-11-15"
        case .sts: "2011-06-15"
        case .iam: "2010-05-08"
        case .ssm, .s3, .dynamodb, .kms, .budgets, .pricing, .cloudtrail: ""
        }
    }

    /// What stands before the operation in `X-Amz-Target`.
    var targetPrefix: String {
        switch self {
        case .ssm: "AmazonSSM"
        case .dynamodb: "DynamoDB_20120810"
        case .kms: "TrentService"
        case .budgets: "AWSBudgetServiceGateway"
        case .pricing: "AWSPriceListService"
        case .cloudtrail: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
        case .ec2, .sts, .iam, .s3: ""
        }
    }

    /// The action by which policies know an operation: its own name, save where one action stands
    /// for several operations.
    ///
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html>
    func permission(for operation: String) -> String {
        let isSummarised = self == .budgets && !operation.hasSuffix("Resource")
        let reading = operation.hasPrefix("Describe") ? "ViewBudget" : "ModifyBudget"
        return "\(rawValue):\(isSummarised ? reading : operation)"
    }

    /// How the query protocol's lists are written.
    var listStyle: QueryForm.ListStyle { self == .ec2 ? .flat : .members }

    /// True for a service that has one endpoint in each partition.
    var isGlobal: Bool { self == .iam || self == .budgets }

    /// How it wants its requests signed.
    var dialect: SigV4Signer.Dialect { self == .s3 ? .s3 : .standard }

    /// The last part of `AWS_ENDPOINT_URL_<SERVICE>`.
    var variableSuffix: String { rawValue.uppercased() }
}
