import Resources

/// What AWS's error codes mean to Launch and to people.
///
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html>
extension AWSError {
    var reason: ProviderError.Reason {
        if Self.throttling.contains(code) { return .throttled(retryAfter: retryAfter) }
        if Self.lackOfPermission.contains(code) { return .forbidden(permission: permission) }
        if let meaning = Self.meanings[code] { return meaning.reason }
        if code.hasSuffix(".NotFound") { return .notFound }
        if code.hasSuffix(".Duplicate") { return .conflict }
        return Self.reason(forStatus: status)
    }

    /// What helps, where the code says more than the reason.
    var remedy: String? { Self.meanings[code]?.remedy }

    var isThrottling: Bool {
        switch reason {
        case .throttled: true
        default: false
        }
    }

    /// True when another type or another zone may have room.
    var isLackOfRoom: Bool { reason == .noCapacity || code == "Unsupported" }

    /// True when the request may have failed because the clocks differ.
    var mayBeClockSkew: Bool { Self.skewed.contains(code) }

    /// - Parameter refusal: the encoded part of the message, decoded.
    func providerError(
        _ action: String, on address: Address?, refusal: AuthorizationRefusal? = nil
    ) -> ProviderError {
        let message = refusal?.description ?? messageForPeople
        return ProviderError(
            refusal.map { .forbidden(permission: $0.action) } ?? reason, provider: .aws,
            address: address, action: action,
            detail: message.isEmpty ? code : "\(code): \(message)",
            remedy: refusal?.remedy ?? remedy)
    }

    private static func reason(forStatus status: Int) -> ProviderError.Reason {
        switch status {
        case 401: .unauthorized
        case 403: .forbidden(permission: nil)
        case 404: .notFound
        case 408, 500...: .unavailable
        case 429: .throttled(retryAfter: nil)
        default: .invalid
        }
    }

    /// As in botocore's `retries/standard.py`.
    private static let throttling: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "EC2ThrottledException",
    ]

    private static let lackOfPermission: Set = [
        "UnauthorizedOperation", "AccessDenied", "AccessDeniedException",
    ]

    private static let skewed: Set = [
        "RequestTimeTooSkewed", "RequestExpired", "SignatureDoesNotMatch",
        "InvalidSignatureException", "AuthFailure",
    ]

    private struct Meaning {
        let reason: ProviderError.Reason
        let remedy: String?

        init(_ reason: ProviderError.Reason, _ remedy: String? = nil) {
            self.reason = reason
            self.remedy = remedy
        }
    }

    private static let meanings: [String: Meaning] = [
        // Who asks.
        "AuthFailure": Meaning(
            .unauthorized, "Check the access key; it must be active and of this account."),
        "InvalidClientTokenId": Meaning(
            .unauthorized, "Check AWS_ACCESS_KEY_ID: AWS does not know this key."),
        "UnrecognizedClientException": Meaning(
            .unauthorized, "Check AWS_ACCESS_KEY_ID: AWS does not know this key."),
        "SignatureDoesNotMatch": Meaning(
            .unauthorized, "Check AWS_SECRET_ACCESS_KEY: it does not belong to the key's id."),
        "InvalidSignatureException": Meaning(
            .unauthorized, "Check AWS_SECRET_ACCESS_KEY: it does not belong to the key's id."),
        "MissingAuthenticationToken": Meaning(.unauthorized),
        "ExpiredToken": Meaning(.unauthorized, "Get new temporary credentials."),
        "ExpiredTokenException": Meaning(.unauthorized, "Get new temporary credentials."),
        "InvalidIdentityToken": Meaning(
            .unauthorized,
            "Add the token's issuer to IAM's identity providers, with its audience."),
        "IDPRejectedClaim": Meaning(
            .unauthorized, "Let the role's trust policy accept the token's claims."),
        "IDPCommunicationError": Meaning(.unavailable),
        "OptInRequired": Meaning(
            .forbidden(permission: nil), "Enable this region or service in the AWS account first."),
        "PendingVerification": Meaning(
            .forbidden(permission: nil),
            "Wait until AWS has verified the new account, up to four hours."),
        "Blocked": Meaning(
            .forbidden(permission: nil), "Ask AWS Support why the account is blocked."),
        // The clock.
        "RequestTimeTooSkewed": Meaning(.clockSkew),
        "RequestExpired": Meaning(.clockSkew),
        // Room.
        "InsufficientInstanceCapacity": Meaning(
            .noCapacity, "Try again later, or choose another size or another subnet."),
        "InsufficientHostCapacity": Meaning(.noCapacity),
        "InsufficientCapacity": Meaning(.noCapacity),
        "Server.InsufficientInstanceCapacity": Meaning(
            .noCapacity, "Try again later, or choose another size or another subnet."),
        "SpotMaxPriceTooLow": Meaning(.noCapacity, "Try again later, or set `spot: false`."),
        "Server.SpotInstanceTermination": Meaning(
            .noCapacity, "Run it again for another instance, or set `spot: false`."),
        // Quotas.
        "VcpuLimitExceeded": Meaning(
            .quota, "Ask for more vCPUs in Service Quotas (EC2, running On-Demand instances)."),
        "InstanceLimitExceeded": Meaning(
            .quota, "Ask for more instances in Service Quotas (EC2)."),
        "MaxSpotInstanceCountExceeded": Meaning(
            .quota, "Ask for more Spot vCPUs in Service Quotas, or set `spot: false`."),
        "VolumeLimitExceeded": Meaning(
            .quota, "Ask for more EBS storage in Service Quotas."),
        "Client.VolumeLimitExceeded": Meaning(
            .quota, "Ask for more EBS storage in Service Quotas."),
        "AddressLimitExceeded": Meaning(
            .quota,
            "Ask for more Elastic IP addresses in Service Quotas, or set "
                + "`expose: tunnel`, which needs none."),
        "VpcLimitExceeded": Meaning(
            .quota, "Name an existing subnet in `targets.aws.subnet`, or ask for more VPCs."),
        "LimitExceeded": Meaning(
            .quota,
            "Ask for more IAM roles and profiles in Service Quotas, or name a profile in "
                + "`targets.aws.instance_profile`."),
        "SecurityGroupLimitExceeded": Meaning(
            .quota, "Ask for more security groups in Service Quotas (VPC)."),
        "RulesPerSecurityGroupLimitExceeded": Meaning(
            .quota, "Shorten `ingress`, or ask for more rules in Service Quotas (VPC)."),
        "MaxConfigLimitExceededException": Meaning(.quota),
        "DuplicateRecordException": Meaning(
            .conflict, "Delete or rename the account's other budget of that name."),
        "CreationLimitExceededException": Meaning(
            .quota, "Name fewer people in `budget.notify`, or delete budgets not needed."),
        // The request itself.
        "Unsupported": Meaning(
            .unsupported, "Choose another size, or a subnet in another availability zone."),
        "UnsupportedOperation": Meaning(.unsupported, "Choose another size."),
        "InvalidAMIID.NotFound": Meaning(
            .notFound, "Choose another `targets.aws.image`, or another region."),
        "InvalidAMIID.Unavailable": Meaning(
            .notFound, "Choose another `targets.aws.image`, or another region."),
        "ParameterNotFound": Meaning(
            .notFound, "Choose another `targets.aws.image`, or a region that has it."),
        "InvalidSubnetID.NotFound": Meaning(
            .notFound, "Correct `targets.aws.subnet` in launch.yaml."),
        "VPCIdNotSpecified": Meaning(
            .invalid, "Set `targets.aws.subnet`: this account has no default VPC."),
        "DefaultVpcDoesNotExist": Meaning(
            .invalid, "Set `targets.aws.subnet`: this account has no default VPC."),
        "InvalidVpcID.NotFound": Meaning(
            .notFound, "Correct `targets.aws.subnet` in launch.yaml."),
        "InvalidVolume.ZoneMismatch": Meaning(
            .conflict, "Set `targets.aws.subnet` to one in the data volume's availability zone."),
        "InvalidUserData.Malformed": Meaning(
            .invalid, "Shorten the service's first-boot script; AWS takes 16 KiB at most."),
        "OperationNotPermitted": Meaning(
            .protected, "Set `protect: false` in the service's spec and converge it first."),
        "IdempotentParameterMismatch": Meaning(
            .conflict, "Run it again in a minute; Launch goes on where it stopped."),
        "DependencyViolation": Meaning(
            .conflict, "Remove what still uses it, then run it again."),
        "IncorrectInstanceState": Meaning(
            .conflict, "Run it again when the instance has come to rest."),
        "VolumeInUse": Meaning(.conflict, "Detach the volume first."),
        "IncorrectState": Meaning(
            .conflict, "Run it again when the object named above has come to rest."),
        "InvalidParameterCombination": Meaning(
            .invalid, "Correct the settings named above: they do not go together."),
        "InvalidParameterValue": Meaning(.invalid, "Correct the value named above."),
        "EntityAlreadyExists": Meaning(
            .conflict, "Remove the IAM role or profile of that name; it is not this project's."),
        "DeleteConflict": Meaning(
            .conflict, "Take what was added to the IAM role off it, then run it again."),
        "NoSuchEntity": Meaning(.notFound),
        "MalformedPolicyDocument": Meaning(.invalid, "Update Launch."),
        "Resource.AlreadyAssociated": Meaning(
            .conflict, "Take the Elastic IP address off the other machine first."),
        "VolumeModificationRateExceeded": Meaning(
            .quota, "Wait six hours between two changes of one volume's size."),
        "IncorrectModificationState": Meaning(
            .conflict, "Wait until the volume's last change has ended."),
        // Faults of AWS's own.
        "RequestTimeout": Meaning(.unavailable),
        "RequestTimeoutException": Meaning(.unavailable),
        "PriorRequestNotComplete": Meaning(.unavailable),
        "InternalError": Meaning(.unavailable),
        "InternalFailure": Meaning(.unavailable),
        "ServiceUnavailable": Meaning(.unavailable),
        "Unavailable": Meaning(.unavailable),
    ]
}
