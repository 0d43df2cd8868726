import Resources
import HTTP

/// The services in the world, by the name that requests to them are signed with.
enum AWSService: String, CaseIterable {
    case ec2, sts, iam, ssm, s3, kms, budgets, cloudtrail
    case dynamoDB = "dynamodb"

    /// How far the signer's clock may be off, in seconds.
    var permittedSkew: Double { self == .s3 ? 900 : 300 }

    var throttling: AWSError {
        switch self {
        case .ec2: AWSError("RequestLimitExceeded", "Request limit exceeded.", status: 503)
        case .sts, .iam: AWSError("Throttling", "Rate exceeded")
        case .ssm, .kms, .budgets, .cloudtrail: AWSError("ThrottlingException", "Rate exceeded")
        case .dynamoDB:
            AWSError(
                "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded.")
        case .s3: AWSError("SlowDown", "Please reduce your request rate.", status: 503)
        }
    }

    /// The service's own words for a request that it cannot attribute to anyone.
    func refusal(_ failure: SignatureFailure) -> AWSError {
        switch (self, failure) {
        case (.ec2, .expired(_)):
            AWSError("RequestExpired", "Request has expired.")
        case (.ec2, _):
            AWSError(
                "AuthFailure",
                "AWS was not able to validate the provided access credentials", status: 401)
        case (.sts, .unsigned), (.iam, .unsigned):
            AWSError(
                "MissingAuthenticationToken", "Request is missing Authentication Token",
                status: 403)
        case (.sts, .unknownKey), (.iam, .unknownKey):
            AWSError(
                "InvalidClientTokenId", "The security token included in the request is invalid.",
                status: 403)
        case (.sts, _), (.iam, _): AWSError("SignatureDoesNotMatch", failure.words, status: 403)
        case (.ssm, .unsigned), (.kms, .unsigned), (.dynamoDB, .unsigned),
            (.budgets, .unsigned), (.cloudtrail, .unsigned):
            AWSError("MissingAuthenticationTokenException", "Missing Authentication Token")
        case (.ssm, .unknownKey), (.kms, .unknownKey), (.dynamoDB, .unknownKey),
            (.budgets, .unknownKey), (.cloudtrail, .unknownKey):
            AWSError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.")
        case (.ssm, _), (.kms, _), (.dynamoDB, _), (.budgets, _), (.cloudtrail, _):
            AWSError("InvalidSignatureException", failure.words)
        case (.s3, .unsigned): AWSError("AccessDenied", "Access Denied", status: 403)
        case (.s3, .unknownKey):
            AWSError(
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.", status: 403)
        case (.s3, .expired(_)):
            AWSError(
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                status: 403)
        case (.s3, .malformed), (.s3, .region):
            AWSError(
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; \(failure.words)",
                details: failure.expectedRegion.map { ["Region": .string($0)] } ?? [:])
        case (.s3, .payload):
            AWSError(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.")
        case (.s3, .mismatch): AWSError("SignatureDoesNotMatch", failure.words, status: 403)
        }
    }

    /// The error's document in the service's protocol.
    func response(to error: AWSError, requestID: String, isHead: Bool) -> HTTPResponse {
        let fields = [XML("Code", error.code), XML("Message", error.message)]
        switch self {
        case .ec2:
            return xml(
                error.status,
                XML("Response") {
                    XML("Errors") { XML("Error") { fields } }
                    XML("RequestID", requestID)
                })
        case .sts, .iam:
            let namespace = self == .iam ? SimulatedIAM.namespace : SimulatedSTS.namespace
            return xml(
                error.status,
                XML("ErrorResponse", namespace: namespace) {
                    XML("Error") {
                        XML("Type", error.status < 500 ? "Sender" : "Receiver")
                        fields
                    }
                    XML("RequestId", requestID)
                })
        case .ssm, .kms, .dynamoDB, .budgets, .cloudtrail:
            var members = error.details
            members["__type"] = .string(type(of: error))
            members["message"] = .string(error.message)
            return json(
                members, status: error.status,
                headers: [HTTPHeader("x-amzn-ErrorType", error.code)])
        case .s3 where isHead || error.status == 304:
            return HTTPResponse(status: error.status, headers: error.headers)
        case .s3:
            return xml(
                error.status,
                XML("Error") {
                    fields
                    for detail in error.details.sorted(by: { $0.key < $1.key }) {
                        XML(detail.key, detail.value.plainText)
                    }
                    XML("RequestId", requestID)
                }, headers: error.headers)
        }
    }

    /// The error's `__type`: DynamoDB writes the shape's whole name.
    private func type(of error: AWSError) -> String {
        self == .dynamoDB ? SimulatedDynamoDB.shape(ofError: error.code) : error.code
    }
}

/// An answer that is an XML document.
func xml(_ status: Int, _ document: XML, headers: [HTTPHeader] = []) -> HTTPResponse {
    HTTPResponse(
        status: status, headers: [HTTPHeader("Content-Type", "text/xml;charset=UTF-8")] + headers,
        body: document.document)
}
