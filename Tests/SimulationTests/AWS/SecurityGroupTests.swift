import Testing

@testable import Simulation

@Suite struct SecurityGroupTests {
    private static func permission(
        _ cidr: String, port: Int = 22, description: String? = nil
    ) -> [String: String] {
        var parameters = [
            "IpPermissions.1.IpProtocol": "tcp", "IpPermissions.1.FromPort": "\(port)",
            "IpPermissions.1.ToPort": "\(port)", "IpPermissions.1.IpRanges.1.CidrIp": cidr,
        ]
        parameters["IpPermissions.1.IpRanges.1.Description"] = description
        return parameters
    }

    private static func makeGroup(_ aws: AWSSession) async throws -> String {
        try await aws.ec2(
            "CreateSecurityGroup", ["GroupName": "web", "GroupDescription": "for web"]
        ).first("groupId") ?? ""
    }

    private static func rules(_ aws: AWSSession, _ group: String) async throws -> [String] {
        try await aws.ec2(
            "DescribeSecurityGroupRules",
            ["Filter.1.Name": "group-id", "Filter.1.Value.1": group]
        ).all("cidrIpv4")
    }

    @Test func aNewGroupLetsEverythingOut() async throws {
        let reply = try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            return try await aws.ec2(
                "DescribeSecurityGroupRules",
                ["Filter.1.Name": "group-id", "Filter.1.Value.1": id])
        }
        #expect(reply.all("isEgress") == ["true"])
        #expect(reply.all("ipProtocol") == ["-1"])
        #expect(reply.all("cidrIpv4") == ["0.0.0.0/0"])
    }

    @Test(arguments: [
        ("10.1.2.3/8", "10.0.0.0/8"), ("192.168.7.9/23", "192.168.6.0/23"),
        ("203.0.113.5/32", "203.0.113.5/32"), ("1.2.3.4/0", "0.0.0.0/0"),
    ])
    func hostBitsAreCleared(_ given: String, _ kept: String) async throws {
        let rules = try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            _ = try await aws.ec2(
                "AuthorizeSecurityGroupIngress",
                Self.permission(given).merging(["GroupId": id]) { $1 })
            return try await Self.rules(aws, id)
        }
        #expect(rules == ["0.0.0.0/0", kept])
    }

    @Test func addressesOfTheSixthVersionAreCanonical() {
        #expect(CIDRBlock("2001:DB8:0:0::1/32", family: 10)?.text == "2001:db8::/32")
        #expect(CIDRBlock("2001:db8::/129", family: 10) == nil)
        #expect(CIDRBlock("10.0.0/8", family: 2) == nil)
    }

    @Test func duplicatesDifferingOnlyInDescriptionAreRefused() async throws {
        let codes = try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            let again = try await aws.ec2(
                "CreateSecurityGroup", ["GroupName": "web", "GroupDescription": "again"]
            ).code
            let rule = Self.permission("10.0.0.0/8").merging(["GroupId": id]) { $1 }
            let other = Self.permission("10.9.9.9/8", description: "x")
                .merging(["GroupId": id]) { $1 }
            return [
                again, try await aws.ec2("AuthorizeSecurityGroupIngress", rule).code,
                try await aws.ec2("AuthorizeSecurityGroupIngress", other).code,
                try await aws.ec2("AuthorizeSecurityGroupEgress", other).code,
            ]
        }
        #expect(
            codes == ["InvalidGroup.Duplicate", "ok", "InvalidPermission.Duplicate", "ok"])
    }

    @Test func rulesAreRevokedByContentAndById() async throws {
        let codes = try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            let rule = Self.permission("10.0.0.0/8").merging(["GroupId": id]) { $1 }
            let added = try await aws.ec2("AuthorizeSecurityGroupIngress", rule)
            let ruleID = added.first("securityGroupRuleId") ?? ""
            let byID = ["GroupId": id, "SecurityGroupRuleId.1": ruleID]
            return [
                try await aws.ec2("RevokeSecurityGroupEgress", rule).code,
                try await aws.ec2("RevokeSecurityGroupIngress", byID).code,
                try await aws.ec2("RevokeSecurityGroupIngress", byID).code,
                try await aws.ec2("RevokeSecurityGroupIngress", rule).code,
            ]
        }
        #expect(
            codes == [
                "InvalidPermission.NotFound", "ok", "InvalidSecurityGroupRuleId.NotFound",
                "InvalidPermission.NotFound",
            ])
    }

    @Test(arguments: [
        permission("10.0.0.0"), permission("10.0.0.0/33"), permission("10.0.0.0/8", port: 70_000),
        permission("10.0.0.0/8", description: "semi‑colon"),
    ])
    func malformedRulesAreRefused(_ rule: [String: String]) async throws {
        try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            let reply = try await aws.ec2(
                "AuthorizeSecurityGroupIngress", rule.merging(["GroupId": id]) { $1 })
            #expect(reply.code == "InvalidParameterValue")
            #expect(try await Self.rules(aws, id) == ["0.0.0.0/0"])
        }
    }

    @Test func aGroupInUseCannotBeDeleted() async throws {
        let codes = try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            let instance = try await aws.run(["SecurityGroupId.1": id])
            var codes = [try await aws.ec2("DeleteSecurityGroup", ["GroupId": id]).code]
            _ = try await aws.ec2("TerminateInstances", ["InstanceId.1": instance])
            codes.append(try await aws.ec2("DeleteSecurityGroup", ["GroupId": id]).code)
            try await aws.clock.sleep(for: .seconds(8))
            codes.append(try await aws.ec2("DeleteSecurityGroup", ["GroupId": id]).code)
            codes.append(try await aws.ec2("DeleteSecurityGroup", ["GroupId": id]).code)
            return codes
        }
        #expect(
            codes == [
                "DependencyViolation", "DependencyViolation", "ok", "InvalidGroup.NotFound",
            ])
    }

    @Test func strangersEditGroupsBehindTheApplication() async throws {
        let rules = try await withAWS { aws in
            let id = try await Self.makeGroup(aws)
            aws.world.locked { core in core.aws?.ec2.openPort(23, from: "0.0.0.0/0", in: id) }
            return try await aws.ec2("DescribeSecurityGroupRules").all("fromPort")
        }
        #expect(rules.contains("23"))
    }
}
