@testable import AWS
import Cryptography
import Foundation
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct AWSAPITests {
    private static let identity = """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\
        <GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ci</Arn><UserId>AIDA</UserId>\
        <Account>123456789012</Account></GetCallerIdentityResult>\
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
        """
    private static let answer = HTTPResponse(status: 200, body: Array(identity.utf8))

    @Test func asksWhoTheCredentialsBelongTo() async throws {
        let http = ScriptedHTTPClient(Self.answer)
        let identity = try await scripted(http) { provider, _ in try await provider.identity() }
        #expect(identity.account == "123456789012")
        #expect(identity.arn == "arn:aws:iam::123456789012:user/ci")
        #expect(http.requests.map(\.url) == ["https://sts.eu-central-1.amazonaws.com/"])
        #expect(http.requests.map(\.form) == [["Action=GetCallerIdentity"]])
    }

    @Test func throttlingAndFaultsAreRetried() async throws {
        let http = ScriptedHTTPClient(
            .failure("RequestLimitExceeded", status: 503), .failure("InternalError", status: 500),
            HTTPResponse(status: 502, body: Array("<html/>".utf8)), Self.answer)
        let seconds = try await scripted(http) { provider, clock in
            let start = clock.now()
            _ = try await provider.identity()
            return clock.now().timeIntervalSince(start)
        }
        #expect(http.requests.count == 4)
        #expect(seconds > 0 && seconds <= 0.5 + 1 + 2)
    }

    @Test func theServersWishToWaitIsHonoured() async throws {
        let http = ScriptedHTTPClient(
            .failure("SlowDown", status: 503, headers: [HTTPHeader("Retry-After", "7")]),
            .failure("SlowDown", headers: [HTTPHeader("x-amz-retry-after", "1500")]), Self.answer)
        let seconds = try await scripted(http) { provider, clock in
            let start = clock.now()
            _ = try await provider.identity()
            return clock.now().timeIntervalSince(start)
        }
        #expect(seconds >= 8.5 && seconds <= 9)
    }

    @Test func retriesEnd() async throws {
        let http = ScriptedHTTPClient(always: .failure("Throttling"))
        let error = try await scripted(http) { provider, _ in
            try await providerError { try await provider.identity() }
        }
        #expect(error?.reason == ProviderError.Reason.throttled(retryAfter: nil))
        #expect(http.requests.count == 8)
    }

    /// 500 tokens pay for 35 retries of 14: then each request is tried once.
    @Test func anOutageIsNotMetWithAStorm() async throws {
        let fault: ScriptedHTTPClient.Answer = { _ in .failure("InternalError", status: 500) }
        let http = ScriptedHTTPClient(Array(repeating: fault, count: 100))
        try await scripted(http) { provider, _ in
            for _ in 1...10 {
                _ = try await providerError { try await provider.identity() }
            }
        }
        let (requests, retries) = (http.requests.count, 500 / 14)
        #expect(requests == 10 + retries)
    }

    @Test func aSuccessGivesBackWhatItsRetryCost() {
        let quota = RetryQuota()
        #expect((1...35).allSatisfy { _ in quota.spend(14) })
        #expect(!quota.spend(14))
        quota.succeed(afterRetryFor: 14)
        #expect(quota.spend(14))
        for _ in 1...4 { quota.succeed(afterRetryFor: nil) }
        #expect(quota.spend(14))
    }

    @Test func eachOperationHasABucketOfItsOwn() {
        let pacing = ActionPacing()
        let start = Date(timeIntervalSince1970: 0)
        let waits = (1...7).map { _ in pacing.admit("ec2:RunInstances", at: start) }
        #expect(waits == [0, 0, 0, 0, 0, 0.5, 1].map { .seconds($0) })
        #expect(pacing.admit("ec2:DescribeInstances", at: start) == .zero)
        #expect(pacing.admit("ec2:RunInstances", at: start.addingTimeInterval(2)) == .zero)
        pacing.drain("ec2:DescribeInstances", at: start)
        #expect(pacing.admit("ec2:DescribeInstances", at: start) == .seconds(0.05))
    }

    @Test(arguments: [
        ("eu-central-1", "https://iam.amazonaws.com", "us-east-1", "aws"),
        ("cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1", "aws-cn"),
        ("us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1", "aws-us-gov"),
    ])
    func aGlobalServiceHasOneHomeInEachPartition(
        region: String, endpoint: String, home: String, partition: String
    ) throws {
        let configuration = AWSConfiguration(region: region, environment: [:])
        #expect(try configuration.endpoint(of: .iam) == endpoint)
        #expect(try configuration.signingRegion(of: .iam) == home)
        #expect(try configuration.partition == partition)
        #expect(try configuration.signingRegion(of: .ec2) == region)
    }

    @Test func aRefusalIsNotRepeated() async throws {
        let http = ScriptedHTTPClient(.failure("UnauthorizedOperation", status: 403))
        let error = try await scripted(http) { provider, _ in
            try await providerError { try await provider.identity() }
        }
        #expect(error?.reason == .forbidden(permission: "sts:GetCallerIdentity"))
        #expect(error?.remedy == "Grant sts:GetCallerIdentity to the credentials in use.")
    }

    @Test func aDifferingClockIsLearntOnceAndForAll() async throws {
        let skewed = HTTPResponse.failure(
            "RequestExpired", headers: [HTTPHeader("Date", "Mon, 21 Sep 2026 14:23:20 GMT")])
        let http = ScriptedHTTPClient(skewed, Self.answer, Self.answer)
        try await scripted(http) { provider, _ in
            _ = try await provider.identity()
            _ = try await provider.identity()
        }
        let dates = http.requests.map { request in
            request.headers.first { $0.name == "X-Amz-Date" }?.value
        }
        #expect(dates == ["20260921T141320Z", "20260921T142320Z", "20260921T142320Z"])
    }

    @Test func aClockThatIsFarOffIsAnError() async throws {
        let skewed = HTTPResponse.failure(
            "RequestTimeTooSkewed", status: 403,
            headers: [HTTPHeader("Date", "Mon, 21 Sep 2026 15:13:20 GMT")])
        let http = ScriptedHTTPClient(skewed)
        let error = try await scripted(http) { provider, _ in
            try await providerError { try await provider.identity() }
        }
        #expect(error?.reason == .clockSkew)
        #expect(error?.remedy == "Set this machine's clock.")
    }

    @Test(arguments: [
        ([:], "https://sts.eu-central-1.amazonaws.com/"),
        (["AWS_ENDPOINT_URL": "http://127.0.0.1:5000/"], "http://127.0.0.1:5000/"),
        (
            ["AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_STS": "http://b/sts"],
            "http://b/sts/"
        ),
        (["AWS_ENDPOINT_URL_EC2": "http://c"], "https://sts.eu-central-1.amazonaws.com/"),
    ])
    func endpointsCanBeOverridden(_ environment: [String: String], _ url: String) async throws {
        let http = ScriptedHTTPClient(Self.answer)
        try await scripted(http, environment: environment) { provider, _ in
            _ = try await provider.identity()
        }
        #expect(http.requests.map(\.url) == [url])
    }

    @Test func authoritiesComeFromTheEnvironment() async throws {
        let http = ScriptedHTTPClient(Self.answer)
        try await scripted(http, environment: ["AWS_CA_BUNDLE": "/ca.pem"]) { provider, _ in
            _ = try await provider.identity()
        }
        #expect(http.requests.map(\.trust) == [.authorities(path: "/ca.pem")])
    }

    @Test(arguments: [
        (nil, ["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"], "a"),
        (nil, ["AWS_REGION": "", "AWS_DEFAULT_REGION": "b"], "b"),
        ("c", ["AWS_REGION": "a"], "c"),
    ])
    func regionsHaveAnOrder(
        _ configured: String?, _ environment: [String: String], _ region: String
    ) throws {
        let configuration = AWSConfiguration(region: configured, environment: environment)
        #expect(try configuration.region == region)
    }

    @Test func whatIsNotAWSIsRecognised() async throws {
        let http = ScriptedHTTPClient(
            HTTPResponse(status: 200, body: Array("<html><body>Log in</body></html>".utf8)))
        let error = try await scripted(http) { provider, _ in
            try await providerError { try await provider.identity() }
        }
        #expect(error?.reason == .failed)
    }
}
