import Testing

@testable import Simulation

@Suite struct VolumeTests {
    private static func makeVolume(
        _ aws: AWSSession, zone: String = "us-east-1a"
    ) async throws -> String {
        try await aws.ec2(
            "CreateVolume",
            ["AvailabilityZone": zone, "Size": "20", "VolumeType": "gp3", "Encrypted": "true"]
        ).first("volumeId") ?? ""
    }

    private static func status(_ aws: AWSSession, _ id: String) async throws -> String? {
        try await aws.ec2("DescribeVolumes", ["VolumeId.1": id]).first("status")
    }

    @Test func aVolumeOutlivesItsInstance() async throws {
        let seen = try await withAWS { aws in
            let instance = try await aws.run()
            let volume = try await Self.makeVolume(aws)
            var seen = [try await Self.status(aws, volume)]
            try await aws.clock.sleep(for: .seconds(8))
            seen.append(try await Self.status(aws, volume))
            let attach = ["VolumeId": volume, "InstanceId": instance, "Device": "/dev/sdf"]
            seen.append(try await aws.ec2("AttachVolume", attach).first("status"))
            seen.append(try await aws.ec2("DeleteVolume", ["VolumeId": volume]).code)
            _ = try await aws.ec2("TerminateInstances", ["InstanceId.1": instance])
            try await aws.clock.sleep(for: .seconds(8))
            seen.append(try await Self.status(aws, volume))
            seen.append("\(aws.world.inventory)")
            seen.append(try await aws.ec2("DeleteVolume", ["VolumeId": volume]).code)
            return seen
        }
        #expect(
            seen == [
                "creating", "available", "attaching", "VolumeInUse", "available",
                "[\"ec2 volume\": 1]", "ok",
            ])
    }

    @Test func attachmentsAreChecked() async throws {
        let codes = try await withAWS { aws in
            let instance = try await aws.run()
            let far = try await Self.makeVolume(aws, zone: "us-east-1b")
            let near = try await Self.makeVolume(aws)
            func attach(_ volume: String, _ device: String) async throws -> String {
                try await aws.ec2(
                    "AttachVolume",
                    ["VolumeId": volume, "InstanceId": instance, "Device": device]
                ).code
            }
            let early = try await attach(near, "/dev/sdf")
            try await aws.clock.sleep(for: .seconds(8))
            return [
                early, try await attach(far, "/dev/sdf"), try await attach(near, "/dev/sda1"),
                try await attach(near, "/dev/sdf"), try await attach(near, "/dev/sdg"),
            ]
        }
        #expect(
            codes == [
                "IncorrectState", "InvalidVolume.ZoneMismatch", "InvalidParameterValue", "ok",
                "VolumeInUse",
            ])
    }

    @Test func detachingTakesAWhile() async throws {
        let states = try await withAWS { aws in
            let instance = try await aws.run()
            let volume = try await Self.makeVolume(aws)
            try await aws.clock.sleep(for: .seconds(8))
            _ = try await aws.ec2(
                "AttachVolume",
                ["VolumeId": volume, "InstanceId": instance, "Device": "/dev/sdf"])
            try await aws.clock.sleep(for: .seconds(2))
            let filter = [
                "Filter.1.Name": "attachment.instance-id", "Filter.1.Value.1": instance,
            ]
            let attached = try await aws.ec2("DescribeVolumes", filter).all("volumeId")
            _ = try await aws.ec2("DetachVolume", ["VolumeId": volume])
            let during = try await Self.status(aws, volume)
            try await aws.clock.sleep(for: .seconds(2))
            return [
                "\(attached.contains(volume))", during, try await Self.status(aws, volume),
            ]
        }
        #expect(states == ["true", "in-use", "available"])
    }

    @Test func aVolumeOnlyGrowsAndNotTwiceInSixHours() async throws {
        let seen = try await withAWS { aws in
            let volume = try await Self.makeVolume(aws)
            try await aws.clock.sleep(for: .seconds(2))
            func resize(_ size: Int) async throws -> String {
                try await aws.ec2("ModifyVolume", ["VolumeId": volume, "Size": "\(size)"]).code
            }
            var seen = [try await resize(10), try await resize(30), try await resize(40)]
            try await aws.clock.sleep(for: .seconds(4))
            let modifications = try await aws.ec2(
                "DescribeVolumesModifications", ["VolumeId.1": volume])
            seen.append(modifications.first("modificationState") ?? "")
            seen.append(
                try await aws.ec2("DescribeVolumes", ["VolumeId.1": volume]).first("size") ?? "")
            return seen
        }
        #expect(
            seen == [
                "InvalidParameterValue", "ok", "VolumeModificationRateExceeded", "completed", "30",
            ])
    }
}
