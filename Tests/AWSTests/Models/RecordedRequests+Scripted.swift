import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport

@testable import AWS

/// What the simulated world does not know.
extension RecordedRequests {
    private static func answering(
        _ routes: [String: [HTTPResponse]],
        _ live: @escaping @Sendable (AWSProvider) async throws -> Void
    ) async throws -> [HTTPRequest] {
        let http = RoutedHTTPClient(routes)
        try await scripted(http, project: project, environment: ["AWS_REGION": "eu-central-1"]) {
            aws, _ in try await live(aws)
        }
        return http.requests
    }

    /// A network that is made, and one that is there and goes.
    static func ownNetwork() async throws -> [HTTPRequest] {
        let address = Address(service: "web", kind: SecurityGroup.kind.name)
        let made = try await answering(ListedNetwork.making) { aws in
            try await OwnNetwork(ec2: aws.ec2, address: address).ensure()
        }
        let gone = try await answering(ListedNetwork.leaving) { aws in
            try await aws.finishRemoval(of: address)
        }
        return made + gone
    }

    /// A role taken with keys, and one taken on the word of an issuer of tokens.
    static func roles() async throws -> [HTTPRequest] {
        let http = RoutedHTTPClient([
            "AssumeRole": [.role("AssumeRole", key: "ASIA1")],
            "AssumeRoleWithWebIdentity": [.role("AssumeRoleWithWebIdentity", key: "ASIA2")],
        ])
        let places = [
            CredentialBench(
                ["AWS_PROFILE": "ci"],
                config: """
                    [profile ci]
                    role_arn = arn:aws:iam::123456789012:role/ci
                    source_profile = default
                    external_id = an-id
                    duration_seconds = 1800
                    """,
                credentials: """
                    [default]
                    aws_access_key_id = AKIDEXAMPLE
                    aws_secret_access_key = secret
                    """, http: http),
            CredentialBench(
                [
                    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/ci",
                    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_SESSION_NAME": "launch",
                ], files: ["/token": "header.claims.signature"], http: http),
        ]
        for place in places { _ = try await place.outcome() }
        return http.requests
    }

    /// A refusal's words, which STS alone can read.
    static func words() async throws -> [HTTPRequest] {
        let refusal = HTTPResponse.failure(
            "UnauthorizedOperation", status: 403,
            message: "No. Encoded authorization failure message: a-b_c")
        return try await answering([
            "DescribeInstances": [refusal], "DescribeSecurityGroups": [refusal],
            "DescribeVolumes": [refusal],
            "DecodeAuthorizationMessage": [.failure("AccessDenied", status: 403)],
        ]) { aws in _ = try await providerError { try await aws.observe(Scope(project: "demo")) } }
    }

    /// Who changed what, over two pages.
    static func witnesses() async throws -> [HTTPRequest] {
        let more = HTTPResponse.json(#"{"Events":[],"NextToken":"more"}"#)
        let machine = Address(service: "web", kind: Instance.kind.name)
        let objects = [nil, Date(timeIntervalSince1970: 1_750_000_000)].map {
            ChangedObject(machine, id: "i-1", since: $0)
        }
        return try await answering([
            "\(AWSService.cloudtrail.targetPrefix).LookupEvents": [more, .json(#"{"Events":[]}"#)]
        ]) { aws in _ = await aws.lastChanges(of: objects, at: Date(timeIntervalSince1970: 0)) }
    }

    static func prices() async throws -> [HTTPRequest] {
        let empty = HTTPResponse.json(#"{"PriceList":[]}"#)
        let more = HTTPResponse.json(#"{"PriceList":[],"NextToken":"more"}"#)
        let http = RoutedHTTPClient([
            "AWSPriceListService.GetProducts": [more, empty],
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeSpotPriceHistory": [.xml("DescribeSpotPriceHistory")],
        ])
        try await scripted(http) { aws, clock in
            _ = try await ImageSource(.debian13, .arm).currentID(aws.ec2.api)
            _ = try await PriceCatalogue.scripted(http, clock).table(of: ["t3.small"])
        }
        return http.requests
    }
}
