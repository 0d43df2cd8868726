import Foundation
import HTTP
import Testing

@testable import Simulation

@Suite struct InstanceTests {
    @Test func anInstanceGoesThroughItsStates() async throws {
        let states = try await withAWS { aws in
            let id = try await aws.run()
            var states: [String?] = [try await aws.state(of: id)]
            for action in ["StopInstances", "StartInstances", "TerminateInstances"] {
                try await aws.clock.sleep(for: .seconds(8))
                states.append(try await aws.state(of: id))
                _ = try await aws.ec2(action, ["InstanceId.1": id])
                states.append(try await aws.state(of: id))
            }
            try await aws.clock.sleep(for: .seconds(8))
            states.append(try await aws.state(of: id))
            try await aws.clock.sleep(for: .seconds(3601))
            states.append(try await aws.ec2("DescribeInstances", ["InstanceId.1": id]).code)
            return states
        }
        #expect(
            states == [
                "pending", "running", "stopping", "stopped", "pending", "running",
                "shutting-down", "terminated", "InvalidInstanceID.NotFound",
            ])
    }

    @Test func aPublicAddressChangesOverStopAndStart() async throws {
        let addresses = try await withAWS { aws in
            let id = try await aws.run()
            var addresses: [String] = []
            for action in ["StopInstances", "StartInstances", "DescribeInstances"] {
                try await aws.clock.sleep(for: .seconds(10))
                let reply = try await aws.ec2("DescribeInstances", ["InstanceId.1": id])
                addresses.append(reply.first("ipAddress") ?? "none")
                _ = try await aws.ec2(action, ["InstanceId.1": id])
            }
            return addresses
        }
        #expect(addresses[1] == "none")
        #expect(Set(addresses).count == 3)
    }

    @Test func aClientTokenMakesOneInstance() async throws {
        try await withAWS { aws in
            let first = try await aws.run(["ClientToken": "t-1"])
            #expect(try await aws.run(["ClientToken": "t-1"]) == first)
            let other = try await aws.ec2(
                "RunInstances",
                AWSSession.runParameters(["ClientToken": "t-1", "InstanceType": "t3.large"]))
            #expect(other.code == "IdempotentParameterMismatch")
            let found = try await aws.ec2(
                "DescribeInstances",
                ["Filter.1.Name": "client-token", "Filter.1.Value.1": "t-*"])
            #expect(found.all("instanceId") == [first])
        }
    }

    @Test func aDeadInstanceAnswersToItsToken() async throws {
        let state = try await withAWS { aws in
            let id = try await aws.run(["ClientToken": "t"])
            _ = try await aws.ec2("TerminateInstances", ["InstanceId.1": id])
            try await aws.clock.sleep(for: .seconds(9))
            return try await aws.ec2(
                "RunInstances", AWSSession.runParameters(["ClientToken": "t"])
            ).first("name")
        }
        #expect(state == "terminated")
    }

    @Test(arguments: [
        ("ImageId", "ami-0123456789abcdef0", "InvalidAMIID.NotFound"),
        ("ImageId", "ubuntu", "InvalidAMIID.Malformed"),
        ("InstanceType", "t9.huge", "InvalidParameterValue"),
        ("InstanceType", "t4g.small", "InvalidParameterValue"),
        ("MinCount", "none", "InvalidParameterValue"),
        ("SubnetId", "subnet-0123456789abcdef0", "InvalidSubnetID.NotFound"),
        ("SecurityGroupId.1", "sg-0123456789abcdef0", "InvalidGroup.NotFound"),
        ("UserData", "%%%", "InvalidParameterValue"),
        (
            "UserData", Data(repeating: 65, count: 16_385).base64EncodedString(),
            "InvalidUserData.Malformed"
        ),
        ("MetadataOptions.HttpTokens", "always", "InvalidParameterValue"),
        ("MetadataOptions.HttpToken", "required", "UnknownParameter"),
        ("BlockDeviceMapping.1.DeviceName", "/dev/sdf", "MissingParameter"),
        ("TagSpecification.1.ResourceType", "bucket", "InvalidParameterValue"),
        ("DryRun", "true", "DryRunOperation"),
        ("ClientToken", String(repeating: "x", count: 65), "InvalidParameterValue"),
        ("Color", "red", "UnknownParameter"),
    ])
    func refusesToRun(_ parameter: String, _ value: String, _ code: String) async throws {
        try await withAWS { aws in
            let parameters = AWSSession.runParameters([parameter: value])
            let reply = try await aws.ec2("RunInstances", parameters)
            #expect(reply.code == code)
            #expect(aws.world.inventory == [:])
        }
    }

    @Test func unfinishedRequestsAreRefused() async throws {
        let codes = try await withAWS { aws in
            [
                try await aws.ec2("RunInstances", ["ImageId": AWSSession.image]).code,
                try await aws.ec2("CreateEverything").code,
                try await aws.ec2("DescribeInstances", ["InstanceId.1": "i-zz"]).code,
                try await aws.ec2(
                    "DescribeInstances", ["Filter.1.Name": "colour", "Filter.1.Value.1": "red"]
                ).code,
            ]
        }
        #expect(
            codes == [
                "MissingParameter", "InvalidAction", "InvalidInstanceID.Malformed",
                "InvalidParameterValue",
            ])
    }

    @Test func attributesChangeOnlyInTheRightState() async throws {
        try await withAWS { aws in
            let id = try await aws.run()
            func modify(_ parameters: [String: String]) async throws -> String {
                let all = parameters.merging(["InstanceId": id]) { $1 }
                return try await aws.ec2("ModifyInstanceAttribute", all).code
            }
            try await aws.clock.sleep(for: .seconds(8))
            let larger = ["InstanceType.Value": "t3.large"]
            #expect(try await modify(larger) == "IncorrectInstanceState")
            let both = ["DisableApiTermination.Value": "true", "SourceDestCheck.Value": "false"]
            #expect(try await modify(both) == "InvalidParameterCombination")
            _ = try await aws.ec2("StopInstances", ["InstanceId.1": id])
            try await aws.clock.sleep(for: .seconds(8))
            #expect(try await modify(larger) == "ok")
            #expect(
                try await modify(["InstanceType.Value": "t4g.large"]) == "InvalidParameterValue")
            let reply = try await aws.ec2("DescribeInstances", ["InstanceId.1": id])
            #expect(reply.first("instanceType") == "t3.large")
        }
    }

    @Test func terminationProtectionHolds() async throws {
        let codes = try await withAWS { aws in
            let id = try await aws.run(["DisableApiTermination": "true"])
            let first = try await aws.ec2("TerminateInstances", ["InstanceId.1": id]).code
            let shown = try await aws.ec2(
                "DescribeInstanceAttribute",
                ["InstanceId": id, "Attribute": "disableApiTermination"]
            ).first("value")
            _ = try await aws.ec2(
                "ModifyInstanceAttribute",
                ["InstanceId": id, "DisableApiTermination.Value": "false"])
            let second = try await aws.ec2("TerminateInstances", ["InstanceId.1": id]).code
            return [first, shown, second]
        }
        #expect(codes == ["OperationNotPermitted", "true", "ok"])
    }

    @Test func metadataOptionsAreKeptAndChanged() async throws {
        try await withAWS { aws in
            let id = try await aws.run([
                "MetadataOptions.HttpTokens": "required",
                "MetadataOptions.HttpPutResponseHopLimit": "1",
            ])
            let reply = try await aws.ec2(
                "ModifyInstanceMetadataOptions",
                ["InstanceId": id, "HttpPutResponseHopLimit": "2"])
            #expect(reply.first("httpPutResponseHopLimit") == "2")
            #expect(reply.first("httpTokens") == "required")
        }
    }

    @Test func listsComeInPages() async throws {
        var configuration = WorldConfiguration()
        configuration.pageSize = 2
        let pages = try await withAWS(configuration) { aws in
            for _ in 0..<5 { _ = try await aws.run() }
            var pages: [Int] = []
            var token: String?
            repeat {
                var parameters = ["MaxResults": "1000"]
                parameters["NextToken"] = token
                let reply = try await aws.ec2("DescribeInstances", parameters)
                pages.append(Set(reply.all("instanceId")).count)
                token = reply.first("nextToken")
            } while token != nil
            return pages
        }
        #expect(pages == [2, 2, 1])
    }

    @Test func pagingAndIdentifiersExcludeEachOther() async throws {
        let codes = try await withAWS { aws in
            let id = try await aws.run()
            return [
                try await aws.ec2("DescribeInstances", ["InstanceId.1": id, "MaxResults": "5"])
                    .code,
                try await aws.ec2("DescribeInstances", ["MaxResults": "4"]).code,
                try await aws.ec2("DescribeInstances", ["NextToken": "made up"]).code,
            ]
        }
        #expect(
            codes == [
                "InvalidParameterCombination", "InvalidParameterValue", "InvalidNextToken",
            ])
    }

    @Test func newInstancesAreUnknownForAWhile() async throws {
        var configuration = WorldConfiguration()
        configuration.eventualConsistency = .seconds(5)
        let codes = try await withAWS(configuration) { aws in
            let id = try await aws.run()
            let early = try await aws.ec2("DescribeInstances", ["InstanceId.1": id]).code
            let list = try await aws.ec2("DescribeInstances").all("instanceId")
            try await aws.clock.sleep(for: .seconds(5))
            return [
                early, "\(list)", try await aws.ec2("DescribeInstances", ["InstanceId.1": id]).code,
            ]
        }
        #expect(codes == ["InvalidInstanceID.NotFound", "[]", "ok"])
    }

    @Test(arguments: [
        (VendorFault.throttled, "RequestLimitExceeded"),
        (.noCapacity, "InsufficientInstanceCapacity"),
    ])
    func faultsAreSaidInItsOwnTerms(_ fault: VendorFault, _ code: String) async throws {
        try await withAWS { aws in
            aws.world.setFaults(.at(0, .vendor(fault)))
            let parameters = AWSSession.runParameters()
            let refused = try await aws.ec2("RunInstances", parameters)
            #expect(refused.code == code)
            #expect(try await aws.ec2("RunInstances", parameters).code == "ok")
        }
    }

    @Test func aFailedLaunchEndsTerminatedWithItsReason() async throws {
        let reply = try await withAWS { aws in
            aws.world.setFaults(.at(0, .vendor(.taskFails)))
            _ = try await aws.run()
            try await aws.clock.sleep(for: .seconds(8))
            return try await aws.ec2("DescribeInstances")
        }
        #expect(reply.all("code") == ["48", "Server.InternalError"])
    }

    @Test func aLostReplyLeavesTheInstance() async throws {
        try await withAWS { aws in
            aws.world.setFaults(.at(0, .lostReply))
            await #expect(throws: HTTPError.self) { try await aws.run() }
            #expect(aws.world.inventory == ["ec2 instance": 1, "ec2 volume": 1])
        }
    }

    @Test func aRunningInstanceBootsItsGuest() async throws {
        let log = try await withAWS { aws in
            let seed = Data("#!/bin/sh\necho hello\n".utf8).base64EncodedString()
            let id = try await aws.run(["UserData": seed])
            try await aws.clock.sleep(for: .seconds(49))
            return aws.world.locked { $0.guests.bootLog(of: MachineID("aws/\(id)")).count }
        }
        #expect(log == 3)
    }

    @Test func tagsAreGivenChangedAndFiltered() async throws {
        try await withAWS { aws in
            let id = try await aws.run([
                "TagSpecification.1.ResourceType": "instance",
                "TagSpecification.1.Tag.1.Key": "launch:service",
                "TagSpecification.1.Tag.1.Value": "web & more",
            ])
            let wildcard = ["Filter.1.Name": "tag:launch:service", "Filter.1.Value.1": "web*"]
            let found = try await aws.ec2("DescribeInstances", wildcard)
            #expect(found.all("instanceId") == [id])
            #expect(found.all("value") == ["web &amp; more"])
            _ = try await aws.ec2(
                "CreateTags", ["ResourceId.1": id, "Tag.1.Key": "a", "Tag.1.Value": "1"])
            _ = try await aws.ec2(
                "DeleteTags", ["ResourceId.1": id, "Tag.1.Key": "launch:service"])
            let tags = try await aws.ec2(
                "DescribeTags", ["Filter.1.Name": "resource-id", "Filter.1.Value.1": id])
            #expect(tags.all("key") == ["a"])
            let missing = ["ResourceId.1": "i-0123456789abcdef0", "Tag.1.Key": "a"]
            #expect(try await aws.ec2("CreateTags", missing).code == "InvalidInstanceID.NotFound")
        }
    }
}
