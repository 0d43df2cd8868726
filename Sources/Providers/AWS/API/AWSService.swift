/// The services that are called, with what tells their requests apart.
///
/// Names and versions as in the service models, <https://github.com/aws/api-models-aws>.
enum AWSService: String, Sendable, CaseIterable {
    case ec2, sts, ssm

    /// The version of the query API; JSON services name it in `targetPrefix`.
    var version: String {
        switch self {
        case .ec2: "2016-11-15"
        case .sts: "2011-06-15"
        case .ssm: "2014-11-06"
        }
    }

    /// What stands before the operation in `X-Amz-Target`.
    var targetPrefix: String {
        switch self {
        case .ssm: "AmazonSSM"
        case .ec2, .sts: ""
        }
    }

    /// The last part of `AWS_ENDPOINT_URL_<SERVICE>`.
    var variableSuffix: String { rawValue.uppercased() }
}
