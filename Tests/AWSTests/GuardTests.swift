import AWS
import HTTP
import Resources
import TestSupport
import Testing

/// Termination protection, which no list shows.
@Suite struct GuardTests {
    private static func machine(_ service: String, spot: Bool = false) -> ObservedResource {
        ObservedResource(
            Address(service: service, kind: KindName(.aws, "instance")), id: "i-\(service)",
            attributes: ["spot": .boolean(spot)])
    }

    private static func answer(_ flag: Bool) -> HTTPResponse {
        .xml(
            "DescribeInstanceAttribute",
            "<instanceId>i-1</instanceId><disableApiTermination><value>\(flag)</value>"
                + "</disableApiTermination>")
    }

    @Test(arguments: [
        (answer(true), true), (answer(false), false),
        (.failure("InvalidInstanceID.NotFound"), false),
    ])
    func aMachineIsAskedFor(answer: HTTPResponse, isGuarded: Bool) async throws {
        let http = RoutedHTTPClient(["DescribeInstanceAttribute": [answer]])
        let web = Self.machine("web")
        let guarded = try await scripted(http) { aws, _ in
            try await aws.guarded(among: [web, Self.machine("job", spot: true)])
        }
        #expect(guarded == (isGuarded ? [web.address] : []))
        #expect(
            http.requests.map(\.form) == [
                [
                    "Action=DescribeInstanceAttribute", "Attribute=disableApiTermination",
                    "InstanceId=i-web",
                ]
            ])
    }
}
