import Resources
import Testing

/// What a person reads for one of AWS's error codes.
struct AWSErrorCase: Sendable, CustomTestStringConvertible {
    let code: String
    let status: Int
    let reason: ProviderError.Reason
    let remedy: String
    var testDescription: String { "\(code) (\(status))" }

    init(_ code: String, _ status: Int, _ reason: ProviderError.Reason, _ remedy: String) {
        self.code = code
        self.status = status
        self.reason = reason
        self.remedy = remedy
    }

    static let all = callers + room + requests + faults + throttling

    private static let later = "Run it again in a few minutes; Launch goes on where it stopped."
    private static let unseen = "Run `launch plan` to see what has changed outside of Launch."
    private static let taken = "Remove the other object, or choose another name."
    private static let grant = "Grant sts:GetCallerIdentity to the credentials in use."
    private static let correct = "Correct the value named above."

    private static let callers = [
        AWSErrorCase(
            "UnauthorizedOperation", 403, .forbidden(permission: "sts:GetCallerIdentity"),
            grant),
        AWSErrorCase("AccessDenied", 403, .forbidden(permission: "sts:GetCallerIdentity"), grant),
        AWSErrorCase(
            "AccessDeniedException", 400, .forbidden(permission: "sts:GetCallerIdentity"),
            grant),
        AWSErrorCase(
            "AuthFailure", 401, .unauthorized,
            "Check the access key; it must be active and of this account."),
        AWSErrorCase(
            "InvalidClientTokenId", 403, .unauthorized,
            "Check AWS_ACCESS_KEY_ID: AWS does not know this key."),
        AWSErrorCase(
            "UnrecognizedClientException", 400, .unauthorized,
            "Check AWS_ACCESS_KEY_ID: AWS does not know this key."),
        AWSErrorCase(
            "SignatureDoesNotMatch", 403, .unauthorized,
            "Check AWS_SECRET_ACCESS_KEY: it does not belong to the key's id."),
        AWSErrorCase("ExpiredToken", 400, .unauthorized, "Get new temporary credentials."),
        AWSErrorCase("ExpiredTokenException", 400, .unauthorized, "Get new temporary credentials."),
        AWSErrorCase("IDPCommunicationError", 400, .unavailable, later),
        AWSErrorCase(
            "OptInRequired", 401, .forbidden(permission: nil),
            "Enable this region or service in the AWS account first."),
        AWSErrorCase(
            "PendingVerification", 400, .forbidden(permission: nil),
            "Wait until AWS has verified the new account, up to four hours."),
        AWSErrorCase("RequestTimeTooSkewed", 403, .clockSkew, "Set this machine's clock."),
        AWSErrorCase("RequestExpired", 400, .clockSkew, "Set this machine's clock."),
    ]

    private static let room = [
        AWSErrorCase(
            "InsufficientInstanceCapacity", 500, .noCapacity,
            "Try again later, or choose another size or another subnet."),
        AWSErrorCase(
            "SpotMaxPriceTooLow", 400, .noCapacity,
            "Try again later, or set `spot: false`."),
        AWSErrorCase(
            "VcpuLimitExceeded", 400, .quota,
            "Ask for more vCPUs in Service Quotas (EC2, running On-Demand instances)."),
        AWSErrorCase(
            "InstanceLimitExceeded", 400, .quota,
            "Ask for more instances in Service Quotas (EC2)."),
        AWSErrorCase(
            "MaxSpotInstanceCountExceeded", 400, .quota,
            "Ask for more Spot vCPUs in Service Quotas, or set `spot: false`."),
        AWSErrorCase(
            "VolumeLimitExceeded", 400, .quota,
            "Ask for more EBS storage in Service Quotas."),
        AWSErrorCase(
            "AddressLimitExceeded", 400, .quota,
            "Ask for more Elastic IP addresses in Service Quotas, or set `expose: tunnel`, "
                + "which needs none."),
        AWSErrorCase(
            "RulesPerSecurityGroupLimitExceeded", 400, .quota,
            "Shorten `ingress`, or ask for more rules in Service Quotas (VPC)."),
    ]

    private static let requests = [
        AWSErrorCase(
            "Unsupported", 400, .unsupported,
            "Choose another size, or a subnet in another availability zone."),
        AWSErrorCase(
            "InvalidAMIID.NotFound", 400, .notFound,
            "Choose another `targets.aws.image`, or another region."),
        AWSErrorCase(
            "InvalidSubnetID.NotFound", 400, .notFound,
            "Correct `targets.aws.subnet` in launch.yaml."),
        AWSErrorCase("InvalidInstanceID.NotFound", 400, .notFound, unseen),
        AWSErrorCase("InvalidInstanceID.Malformed", 400, .invalid, correct),
        AWSErrorCase("InvalidVolume.NotFound", 400, .notFound, unseen),
        AWSErrorCase("InvalidGroup.Duplicate", 400, .conflict, taken),
        AWSErrorCase("InvalidPermission.Duplicate", 400, .conflict, taken),
        AWSErrorCase("InvalidPermission.NotFound", 400, .notFound, unseen),
        AWSErrorCase("InvalidParameterValue", 400, .invalid, correct),
        AWSErrorCase(
            "InvalidParameterCombination", 400, .invalid,
            "Correct the settings named above: they do not go together."),
        AWSErrorCase(
            "InvalidUserData.Malformed", 400, .invalid,
            "Shorten the service's first-boot script; AWS takes 16 KiB at most."),
        AWSErrorCase(
            "OperationNotPermitted", 400, .protected,
            "Set `protect: false` in the service's spec and converge it first."),
        AWSErrorCase(
            "IdempotentParameterMismatch", 400, .conflict,
            "Run it again in a minute; Launch goes on where it stopped."),
        AWSErrorCase(
            "DependencyViolation", 400, .conflict,
            "Remove what still uses it, then run it again."),
        AWSErrorCase(
            "IncorrectInstanceState", 400, .conflict,
            "Run it again when the instance has come to rest."),
        AWSErrorCase("NeverHeardOf", 400, .invalid, correct),
    ]

    private static let faults = [
        AWSErrorCase("RequestTimeout", 400, .unavailable, later),
        AWSErrorCase("RequestTimeoutException", 400, .unavailable, later),
        AWSErrorCase("PriorRequestNotComplete", 400, .unavailable, later),
        AWSErrorCase("InternalError", 500, .unavailable, later),
        AWSErrorCase("Unavailable", 503, .unavailable, later),
        AWSErrorCase("NeverHeardOf", 502, .unavailable, later),
    ]

    /// As botocore has them.
    private static let throttling = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "EC2ThrottledException",
    ].map { code in
        AWSErrorCase(
            code, 400, .throttled(retryAfter: nil),
            "Wait a few minutes and run it again; nothing was lost.")
    }
}
