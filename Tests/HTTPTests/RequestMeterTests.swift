import HTTP
import Resources
import Testing
import TestSupport

@Suite struct RequestMeterTests {
    @Test func countsByProviderAndKind() async throws {
        let base = ScriptedHTTPClient(
            HTTPResponse(status: 200), HTTPResponse(status: 201), HTTPResponse(status: 500))
        let meter = RequestMeter()
        let aws = MeteredHTTPClient(base, for: .aws, meter: meter)
        let github = MeteredHTTPClient(base, for: .github, meter: meter)
        _ = try await aws.send(HTTPRequest(.get, "https://a.invalid/"))
        _ = try await aws.send(HTTPRequest(.put, "https://a.invalid/"))
        _ = try await github.send(HTTPRequest(.delete, "https://g.invalid/"))
        await #expect(throws: HTTPError.self) {
            try await github.send(HTTPRequest(.head, "https://g.invalid/"))
        }
        #expect(
            meter.byProvider.mapValues { [$0.reads, $0.writes] } == [
                .aws: [1, 1], .github: [1, 1],
            ])
        #expect(meter.total == 4)
    }

    @Test(arguments: [
        (HTTPRequest(.get, "u"), true),
        (HTTPRequest(.head, "u"), true),
        (HTTPRequest(.post, "u"), false),
        (HTTPRequest(.put, "u"), false),
        (HTTPRequest(.patch, "u"), false),
        (HTTPRequest(.delete, "u"), false),
        (HTTPRequest(.post, "u", body: .text("Action=DescribeInstances&Version=1")), true),
        (HTTPRequest(.post, "u", body: .text("Version=1&Action=DescribeInstances")), true),
        (HTTPRequest(.post, "u", body: .text("Action=GetCallerIdentity")), true),
        (HTTPRequest(.post, "u", body: .text("Action=AssumeRoleWithWebIdentity")), true),
        (HTTPRequest(.post, "u", body: .text("Action=RunInstances&Name=Action=Describe")), false),
        (HTTPRequest(.post, "u", body: .text("{\"a\":1}")), false),
        (Self.targeting("DynamoDB_20120810.GetItem"), true),
        (Self.targeting("DynamoDB_20120810.PutItem"), false),
        (Self.targeting("AmazonSSM.DescribeInstanceInformation"), true),
        (Self.targeting("AmazonSSM.SendCommand"), false),
        (Self.targeting("com.example.v1.CloudTrail_20131101.LookupEvents"), true),
    ]) func tellsReadsFromWrites(request: HTTPRequest, isRead: Bool) {
        #expect(request.isRead == isRead)
    }

    private static func targeting(_ operation: String) -> HTTPRequest {
        HTTPRequest(
            .post, "u", headers: [HTTPHeader("X-Amz-Target", operation)], body: .text("{}"))
    }
}
