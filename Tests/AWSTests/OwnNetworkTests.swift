import Cryptography
import CurlHTTP
import Foundation
import HTTP
import Logging
import Resources
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

@testable import AWS

/// The network that a project makes for itself goes whole, whatever comes between.
@Suite struct OwnNetworkTests {
    private static let group = Address(service: "web", kind: SecurityGroup.kind.name)
    private static let inUse = HTTPResponse.failure("DependencyViolation")
    private static let done = HTTPResponse.xml("Done", "<return>true</return>")

    @Test func whatLingersInItIsWaitedFor() async throws {
        let http = RoutedHTTPClient(
            ListedNetwork.leaving.merging([
                "DeleteSubnet": [Self.inUse, Self.done],
                "DetachInternetGateway": [Self.inUse, Self.done],
            ]) { $1 })
        try await scripted(http) { aws, _ in try await aws.finishRemoval(of: Self.group) }
        #expect(
            http.changes.map { $0[0] } == [
                "Action=DeleteSubnet", "Action=DeleteSubnet", "Action=DetachInternetGateway",
                "Action=DeleteSubnet", "Action=DetachInternetGateway",
                "Action=DeleteInternetGateway", "Action=DeleteVpc",
            ])
    }

    @Test func whatStaysInItIsSaid() async throws {
        let http = RoutedHTTPClient(
            ListedNetwork.leaving.merging(["DeleteSubnet": [Self.inUse]]) { $1 })
        let error = try await scripted(http) { aws, _ in
            try await providerError { try await aws.finishRemoval(of: Self.group) }
        }
        #expect(
            error.map { "\($0) \($0.remedy)" }
                == "web/aws.security_group: could not tidy up after web/aws.security_group: "
                + "DependencyViolation: Some words. Remove what still uses it, then run it again.")
    }

    private static func group(_ id: String) -> HTTPResponse {
        .xml(
            "DescribeSecurityGroups",
            "<securityGroupInfo><item><groupId>\(id)</groupId><groupName>api</groupName></item>"
                + "</securityGroupInfo>")
    }

    /// The last group is listed for a while after it has gone.
    @Test func aGroupThatIsGoneDoesNotKeepIt() async throws {
        let http = RoutedHTTPClient(
            ListedNetwork.leaving.merging([
                "DescribeSecurityGroups": [Self.group("sg-1")], "DeleteSecurityGroup": [Self.done],
            ]) { $1 })
        try await scripted(http) { aws, _ in
            try await aws.delete(ObservedResource(Self.group, id: "sg-1", attributes: [:]))
        }
        #expect(http.changes.last?[0] == "Action=DeleteVpc")
    }

    /// A service that has just begun to use it keeps it.
    @Test func anotherServicesGroupKeepsIt() async throws {
        let http = RoutedHTTPClient(
            ListedNetwork.leaving.merging([
                "DeleteSubnet": [Self.inUse],
                "DescribeSecurityGroups": [
                    .xml("DescribeSecurityGroups", "<securityGroupInfo/>"), Self.group("sg-2"),
                ],
            ]) { $1 })
        try await scripted(http) { aws, _ in try await aws.finishRemoval(of: Self.group) }
        #expect(http.changes.map { $0[0] } == ["Action=DeleteSubnet"])
    }

    /// Killed before each of its calls in turn, over real HTTP.
    @Test(.enabled(if: MotoServer.python != nil, "\(MotoServer.reason)"))
    func aRemovalThatBrokeOffIsGoneOnWith() async throws {
        let moto = try MotoServer()
        defer { moto.stop() }
        let curl = CurlHTTPClient(environment: [:], logger: Logger(label: "moto"))
        defer { curl.close() }
        try await withVirtualTime { clock in
            let http = BreakingHTTPClient(curl)
            let aws = AWSProvider(
                ProjectSpec(project: "demo"), environment: moto.environment, http: http,
                time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            for calls in 0..<6 {
                try await OwnNetwork(ec2: aws.ec2, address: Self.group).ensure()
                http.breakOff(after: calls)
                let broken = try await providerError {
                    try await aws.finishRemoval(of: Self.group)
                }
                #expect(broken?.reason == .unreachable, "after \(calls) calls")
                http.breakOff(after: nil)
                try await aws.finishRemoval(of: Self.group)
                let own = [aws.ec2.ownNetwork, aws.ec2.ownPart]
                let left =
                    try await aws.ec2.list("DescribeVpcs", own, as: DescribeVPCsPage.self).count
                    + aws.ec2.list(
                        "DescribeInternetGateways", own, as: DescribeInternetGatewaysPage.self
                    ).count
                    + aws.ec2.list(
                        "DescribeSubnets", own, as: DescribeSubnetsPage.self
                    ).count
                #expect(left == 0, "after \(calls) calls")
            }
        }
    }
}

/// Lets a number of changes through and refuses those that follow.
private final class BreakingHTTPClient: HTTPClient {
    private let base: any HTTPClient
    private let left = Mutex<Int?>(nil)

    init(_ base: any HTTPClient) { self.base = base }

    func breakOff(after calls: Int?) { left.withLock { $0 = calls } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let isRefused = left.withLock { left in
            guard let calls = left, !request.isRead else { return false }
            left = max(calls - 1, 0)
            return calls == 0
        }
        if isRefused { throw HTTPError(.refused, origin: request.url, detail: "killed") }
        return try await base.send(request)
    }
}
