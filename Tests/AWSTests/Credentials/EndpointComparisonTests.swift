@testable import AWS
import Resources
import Simulation
import Testing

/// Where requests go and whom they trust: the same places, asked of botocore and of Launch.
@Suite struct EndpointComparisonTests {
    private static let services: [AWSService] = [.ec2, .sts, .s3, .dynamodb, .pricing]

    @Test(.enabled(if: Botocore.isInstalled, "\(Botocore.reason)"))
    func goesWhereBotocoreGoes() throws {
        let theirs = try Botocore.connections(
            in: Self.places, of: Self.services.map(\.rawValue))
        #expect(Self.places.map(Self.connections) == theirs)
        #expect(Set(theirs).count > 8)
    }

    private static func connections(in place: Botocore.Place) -> [String: String] {
        let environment = CredentialBench(
            place.environment, config: place.config, credentials: place.credentials
        ).chain(VirtualClock()).environment
        let configuration = AWSConfiguration(region: "eu-north-1", environment: environment)
        var found = Dictionary(
            uniqueKeysWithValues: services.map {
                ($0.rawValue, configuration.customEndpoint(of: $0) ?? "none")
            })
        found["ca_bundle"] = environment["AWS_CA_BUNDLE"] ?? "none"
        return found
    }

    private static let all = "http://all.example"
    private static let own = "http://own.example:8080"
    private static let profile = "[profile ci]\nendpoint_url = http://profile.example\n"
    private static let services1 =
        "services = local\n[services local]\nec2 =\n  endpoint_url = http://section.example\n"
        + "dynamodb =\n  endpoint_url = http://table.example\n  other = x\n"
    private static let ci = ["AWS_PROFILE": "ci"]

    private static let places: [Botocore.Place] = [
        .init(), .init(environment: ["AWS_ENDPOINT_URL": all]),
        .init(environment: ["AWS_ENDPOINT_URL_EC2": own]),
        .init(environment: ["AWS_ENDPOINT_URL": all, "AWS_ENDPOINT_URL_STS": own]),
        .init(environment: ci, config: profile),
        .init(environment: ci, config: profile + services1),
        .init(environment: ci, config: "[profile ci]\n" + services1),
        .init(
            environment: ci.merging(["AWS_ENDPOINT_URL": all]) { $1 }, config: profile + services1),
        .init(
            environment: ci.merging(["AWS_ENDPOINT_URL_EC2": own]) { $1 },
            config: profile + services1),
        .init(
            environment: ci.merging(["AWS_ENDPOINT_URL_EC2": own, "AWS_ENDPOINT_URL": all]) { $1 },
            config: profile + services1),
        .init(
            environment: ci.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 },
            config: profile + services1),
        .init(
            environment: ci,
            config: profile.replacing(
                "ci]\n", with: "ci]\nignore_configured_endpoint_urls = true\n")),
        .init(config: "[default]\nendpoint_url = http://default.example\n"),
        .init(config: "[default]\nca_bundle = /etc/company.pem\n"),
        .init(
            environment: ["AWS_CA_BUNDLE": "/etc/own.pem"],
            config: "[default]\nca_bundle = /etc/company.pem\n"),
        .init(environment: ci, config: "[default]\nca_bundle = /x\n" + profile),
    ]
}
