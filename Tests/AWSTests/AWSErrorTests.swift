import Foundation
import HTTP
import Resources
import Services
import TestSupport
import Testing

@testable import AWS

@Suite struct AWSErrorTests {
    @Test(arguments: AWSErrorCase.all)
    func meansSomethingToPeople(_ example: AWSErrorCase) async throws {
        let answer = HTTPResponse.failure(example.code, status: example.status)
        let error = try await failureOfAsking(ScriptedHTTPClient(always: answer))
        #expect(error?.reason == example.reason)
        #expect(
            error.map { "\($0) \($0.remedy)" }
                == "aws: could not ask who the credentials belong to: \(example.code): "
                + "Some words. \(example.remedy)")
    }

    /// What the state's store says has its own table. `DryRunOperation` is a permission, and no
    /// person sees it: see `aRehearsalThatWouldPassIsAPermission`.
    @Test(.enabled(if: AWSFacts.isThere, "\(AWSFacts.reason)"))
    func everyCodeOfTheFactsIsInTheTable() {
        let named = AWSFacts.errorCodes { !AWSFacts.isAboutState($0) }
        #expect(named.count > 40)
        let known = Set(AWSErrorCase.all.map(\.code)).union(["DryRunOperation"])
        #expect(named.subtracting(known) == [])
    }

    @Test func aRehearsalThatWouldPassIsAPermission() async throws {
        let allowed = HTTPResponse.failure("DryRunOperation", status: 412)
        let identity = HTTPResponse.xml(
            "GetCallerIdentity",
            "<GetCallerIdentityResult><Account>1</Account><Arn>arn:aws:iam::1:user/ci</Arn>"
                + "</GetCallerIdentityResult>")
        let listings = ["Addresses", "Instances", "SecurityGroups", "Subnets", "Volumes"]
        let http = RoutedHTTPClient(
            Dictionary(uniqueKeysWithValues: listings.map { ("Describe\($0)", [allowed]) })
                .merging(["GetCallerIdentity": [identity]]) { $1 })
        let findings = try await scripted(http) { aws, _ in await aws.examine(for: []) }
        #expect(
            findings.last?.detail
                == "allowed: DescribeAddresses, DescribeInstances, DescribeSecurityGroups, "
                + "DescribeSubnets, DescribeVolumes, GetAccountAuthorizationDetails")
    }

    /// The words of policies are not always those of the API.
    @Test(arguments: [
        (AWSService.budgets, "CreateBudget", "budgets:ModifyBudget"),
        (.budgets, "DeleteSubscriber", "budgets:ModifyBudget"),
        (.budgets, "DescribeBudget", "budgets:ViewBudget"),
        (.budgets, "DescribeSubscribersForNotification", "budgets:ViewBudget"),
        (.budgets, "ListTagsForResource", "budgets:ListTagsForResource"),
        (.budgets, "TagResource", "budgets:TagResource"),
        (.ssm, "GetParameter", "ssm:GetParameter"),
        (.pricing, "GetProducts", "pricing:GetProducts"),
    ])
    func aRefusalNamesWhatPoliciesCanGrant(
        _ service: AWSService, _ operation: String, _ permission: String
    ) async throws {
        let refusal = HTTPResponse(
            status: 400,
            body: Array(#"{"__type":"AccessDeniedException","Message":"No."}"#.utf8))
        let error = try await scripted(ScriptedHTTPClient(always: refusal)) { aws, _ in
            try await providerError {
                try await aws.inWords("ask", on: nil) {
                    try await aws.ec2.api.json(operation, of: service, [:])
                }
            }
        }
        #expect(error?.reason == .forbidden(permission: permission))
        #expect(error?.remedy == "Grant \(permission) to the credentials in use.")
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
