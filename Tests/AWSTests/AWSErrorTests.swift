import AWS
import Foundation
import HTTP
import Resources
import Services
import TestSupport
import Testing

@Suite struct AWSErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let code: String
        let status: Int
        let reason: ProviderError.Reason
        var testDescription: String { code }

        init(_ code: String, _ status: Int, _ reason: ProviderError.Reason) {
            self.code = code
            self.status = status
            self.reason = reason
        }

        static let all = [
            Case("UnauthorizedOperation", 403, .forbidden(permission: "sts:GetCallerIdentity")),
            Case("AccessDenied", 403, .forbidden(permission: "sts:GetCallerIdentity")),
            Case("AuthFailure", 401, .unauthorized),
            Case("InvalidClientTokenId", 403, .unauthorized),
            Case("SignatureDoesNotMatch", 403, .unauthorized),
            Case("ExpiredToken", 400, .unauthorized),
            Case("OptInRequired", 401, .forbidden(permission: nil)),
            Case("RequestTimeTooSkewed", 403, .clockSkew),
            Case("RequestExpired", 400, .clockSkew),
            Case("RequestLimitExceeded", 503, .throttled(retryAfter: nil)),
            Case("Throttling", 400, .throttled(retryAfter: nil)),
            Case("SlowDown", 503, .throttled(retryAfter: nil)),
            Case("InsufficientInstanceCapacity", 500, .noCapacity),
            Case("SpotMaxPriceTooLow", 400, .noCapacity),
            Case("VcpuLimitExceeded", 400, .quota),
            Case("InstanceLimitExceeded", 400, .quota),
            Case("MaxSpotInstanceCountExceeded", 400, .quota),
            Case("Unsupported", 400, .unsupported),
            Case("InvalidAMIID.NotFound", 400, .notFound),
            Case("InvalidSubnetID.NotFound", 400, .notFound),
            Case("InvalidVolume.NotFound", 400, .notFound),
            Case("InvalidGroup.Duplicate", 400, .conflict),
            Case("OperationNotPermitted", 400, .protected),
            Case("IdempotentParameterMismatch", 400, .conflict),
            Case("DependencyViolation", 400, .conflict),
            Case("IncorrectInstanceState", 400, .conflict),
            Case("InvalidInstanceID.Malformed", 400, .invalid),
            Case("InvalidParameterValue", 400, .invalid),
            Case("InvalidUserData.Malformed", 400, .invalid),
            Case("InternalError", 500, .unavailable),
            Case("Unavailable", 503, .unavailable),
            Case("NeverHeardOf", 400, .invalid),
            Case("NeverHeardOf", 502, .unavailable),
        ]
    }

    @Test(arguments: Case.all) func meansSomethingToPeople(_ example: Case) async throws {
        let answer = HTTPResponse.failure(example.code, status: example.status)
        let http = ScriptedHTTPClient(always: answer)
        let error = try await failureOfAsking(http)
        #expect(error?.reason == example.reason)
        #expect(error?.action == "ask who the credentials belong to")
        #expect(error?.detail == "\(example.code): Some words.")
        #expect(error?.remedy.hasSuffix(".") == true)
    }

    /// Every code that the facts name, with what a person is told to do.
    private static let remedies: [(code: String, remedy: String)] =
        [
            ("RequestTimeTooSkewed", "Set this machine's clock."),
            ("RequestExpired", "Set this machine's clock."),
            ("SignatureDoesNotMatch", "it does not belong to the key's id."),
            ("UnauthorizedOperation", "Grant sts:GetCallerIdentity to the credentials in use."),
            ("AccessDenied", "Grant sts:GetCallerIdentity to the credentials in use."),
            ("AuthFailure", "it must be active and of this account."),
            ("OptInRequired", "Enable this region or service in the AWS account first."),
            ("ExpiredToken", "Get new temporary credentials."),
            ("InvalidClientTokenId", "AWS does not know this key."),
            ("InvalidParameterValue", "Correct the value named above."),
            ("InvalidParameterCombination", "they do not go together."),
            ("IdempotentParameterMismatch", "Launch goes on where it stopped."),
            ("InvalidGroup.Duplicate", "Remove the other object, or choose another name."),
            ("InvalidPermission.Duplicate", "Remove the other object, or choose another name."),
            ("InvalidPermission.NotFound", "to see what has changed outside of Launch."),
            ("InvalidInstanceID.NotFound", "to see what has changed outside of Launch."),
            ("InvalidInstanceID.Malformed", "Correct the value named above."),
            ("DependencyViolation", "Remove what still uses it, then run it again."),
            ("IncorrectInstanceState", "Run it again when the instance has come to rest."),
            ("InvalidUserData.Malformed", "AWS takes 16 KiB at most."),
            ("InsufficientInstanceCapacity", "or choose another size or another subnet."),
            ("VcpuLimitExceeded", "Ask for more vCPUs in Service Quotas"),
            ("InstanceLimitExceeded", "Ask for more instances in Service Quotas (EC2)."),
            ("Unsupported", "or a subnet in another availability zone."),
            ("InvalidAMIID.NotFound", "Choose another `targets.aws.image`, or another region."),
            ("InvalidSubnetID.NotFound", "Correct `targets.aws.subnet` in launch.yaml."),
            ("OperationNotPermitted", "Set `protect: false`"),
            ("SpotMaxPriceTooLow", "Try again later, or set `spot: false`."),
            ("MaxSpotInstanceCountExceeded", "Ask for more Spot vCPUs in Service Quotas"),
            ("IDPCommunicationError", "Run it again in a few minutes"),
            ("PriorRequestNotComplete", "Run it again in a few minutes"),
            ("RequestTimeout", "Run it again in a few minutes"),
            ("RequestTimeoutException", "Run it again in a few minutes"),
        ]
        + [
            "Throttling", "ThrottlingException", "ThrottledException",
            "RequestThrottledException", "TooManyRequestsException",
            "ProvisionedThroughputExceededException", "TransactionInProgressException",
            "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException",
            "RequestThrottled", "SlowDown", "EC2ThrottledException",
        ].map { ($0, "Wait a few minutes and run it again; nothing was lost.") }

    @Test(arguments: remedies) func tellsWhatToDo(_ code: String, _ remedy: String) async throws {
        let http = ScriptedHTTPClient(always: .failure(code))
        let error = try await failureOfAsking(http)
        #expect(error?.remedy.contains(remedy) == true, "\(error?.remedy ?? "")")
    }

    private static let facts = try? String(
        contentsOfFile: PackageFiles.root + "/../shared/facts/aws.md", encoding: .utf8)

    /// Names in the facts that look like codes and are of another sort: states, calls, and what
    /// the state's store says, which has its own table.
    @Test(.enabled(if: facts != nil, "needs ../shared/facts"))
    func everyCodeOfTheFactsIsInTheTable() throws {
        let text = try #require(Self.facts)
        let named = text.matches(of: /`([A-Z][A-Za-z0-9]+(?:\.[A-Z][A-Za-z]+)?)`/)
            .map { String($0.1) }
        let endings = [
            "Exceeded", "NotFound", "Malformed", "Duplicate", "Denied", "Failure", "Skewed",
            "Expired", "Violation", "Mismatch", "TooLow", "Capacity", "Unsupported",
            "OperationNotPermitted", "OptInRequired", "SlowDown",
        ]
        let codes = Set(named.filter { name in endings.contains(where: name.hasSuffix) })
        #expect(codes.subtracting(Self.remedies.map(\.code)) == [])
    }

    @Test func aRefusalIsDecodedForWhoMay() async throws {
        let document = """
            {"allowed":false,"explicitDeny":true,"context":{"principal":{"arn":"arn:aws:iam::1:\
            user/ci"},"action":"ec2:RunInstances","resource":"arn:aws:ec2:*:1:instance/*"}}
            """
        let refusal = HTTPResponse.failure(
            "UnauthorizedOperation", status: 403,
            message: "You are not authorized. Encoded authorization failure message: a-b_c")
        let escaped = document.replacing("\"", with: "&quot;")
        let decoded = HTTPResponse.xml(
            "DecodeAuthorizationMessage",
            "<DecodeAuthorizationMessageResult><DecodedMessage>\(escaped)</DecodedMessage>"
                + "</DecodeAuthorizationMessageResult>")
        let http = ScriptedHTTPClient(refusal, decoded)
        let error = try await failureOfAsking(http)
        #expect(error?.reason == .forbidden(permission: "ec2:RunInstances"))
        #expect(
            error?.detail == "UnauthorizedOperation: arn:aws:iam::1:user/ci may not "
                + "ec2:RunInstances on arn:aws:ec2:*:1:instance/*: a policy denies it")
        #expect(http.requests.last?.form.last == "EncodedMessage=a-b_c")
        let closed = ScriptedHTTPClient(refusal, .failure("AccessDenied", status: 403))
        #expect(
            try await failureOfAsking(closed)?.detail
                == "UnauthorizedOperation: You are not authorized.")
    }

    @Test(arguments: [
        (
            """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>\
            <Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>No such token.</Message>\
            </Error><RequestId>1</RequestId></ErrorResponse>
            """, "InvalidClientTokenId: No such token."
        ),
        (
            "<Error><Code>AccessDenied</Code><Message>No.</Message><HostId>h</HostId></Error>",
            "AccessDenied: No."
        ),
        (
            #"{"__type":"com.amazonaws#ThrottlingException:http://x","Message":"Slow."}"#,
            "ThrottlingException: Slow."
        ),
        (#"{"__type":"ParameterNotFound"}"#, "ParameterNotFound: Words of the status"),
        ("<html><body><h1>Bad gateway</h1></body></html>", "HTTP 418: Words of the status"),
        ("", "HTTP 418: Words of the status"),
    ]) func readsEveryShape(_ body: String, _ detail: String) async throws {
        let answer = HTTPResponse(
            status: 418, reason: "Words of the status", body: Array(body.utf8))
        let http = ScriptedHTTPClient(always: answer)
        #expect(try await failureOfAsking(http)?.detail == detail)
    }

    @Test(arguments: [
        (HTTPError.Reason.unknownHost, ProviderError.Reason.unreachable, 1),
        (.refused, .unreachable, 1),
        (.untrustedCertificate, .unreachable, 1),
        (.timedOut, .unavailable, 8),
        (.interrupted, .unavailable, 8),
    ])
    func saysWhyThereIsNoAnswer(
        _ reason: HTTPError.Reason, _ expected: ProviderError.Reason, _ attempts: Int
    ) async throws {
        let http = ScriptedHTTPClient(
            Array(repeating: Self.failing(reason), count: 10))
        let error = try await scripted(http) { provider, _ in
            try await providerError { try await provider.identity() }
        }
        #expect(error?.reason == expected)
        #expect(http.requests.count == attempts)
    }

    @Test func missingCredentialsAreNamedAndNothingIsSent() async throws {
        let http = ScriptedHTTPClient()
        let error = try await scripted(http, environment: ["AWS_SECRET_ACCESS_KEY": ""]) { aws, _ in
            try await providerError { try await aws.identity() }
        }
        #expect(error?.reason == .unauthorized)
        #expect(error?.detail == "AWS_SECRET_ACCESS_KEY is not set")
        #expect(error?.remedy == "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        #expect(http.requests.isEmpty)
    }

    @Test func aMissingRegionIsNamedAndNothingIsSent() async throws {
        let http = ScriptedHTTPClient()
        let error = try await scripted(http, project: ProjectSpec(project: "demo")) { aws, _ in
            try await providerError { try await aws.identity() }
        }
        #expect(error?.remedy == "Set `targets.aws.region` in launch.yaml, or AWS_REGION.")
        #expect(http.requests.isEmpty)
    }

    private static func failing(_ reason: HTTPError.Reason) -> ScriptedHTTPClient.Answer {
        { _ in throw HTTPError(reason, origin: "https://x", detail: "d") }
    }

    private func failureOfAsking(_ http: ScriptedHTTPClient) async throws -> ProviderError? {
        try await scripted(http) { provider, _ in
            try await providerError { try await provider.identity() }
        }
    }
}
