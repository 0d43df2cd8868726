import Cryptography
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import AWS

/// What of a machine changes while it lives.
extension InstanceTests {
    @Test(
        arguments: [
            (
                ["security_groups": ["sg-2", "sg-3"]],
                [
                    [
                        "Action=ModifyInstanceAttribute", "GroupId.1=sg-2", "GroupId.2=sg-3",
                        "InstanceId=i-1",
                    ]
                ]
            ),
            (
                ["metadata_hop_limit": 2],
                [
                    [
                        "Action=ModifyInstanceMetadataOptions", "HttpEndpoint=enabled",
                        "HttpPutResponseHopLimit=2", "HttpTokens=required", "InstanceId=i-1",
                    ]
                ]
            ),
            (
                ["environment": "staging"],
                [
                    [
                        "Action=CreateTags", "ResourceId.1=i-1", "ResourceId.2=vol-root",
                        "ResourceId.3=eni-1", "Tag.1.Key=Name",
                        "Tag.1.Value=demo-web", "Tag.2.Key=launch:address",
                        "Tag.2.Value=web/aws.instance", "Tag.3.Key=launch:environment",
                        "Tag.3.Value=staging", "Tag.4.Key=launch:service", "Tag.4.Value=web",
                    ]
                ]
            ),
        ] as [([String: Value], [[String]])])
    func changesInPlace(_ changes: [String: Value], _ requests: [[String]]) async throws {
        let http = updating([ListedInstance.page(ListedInstance())])
        _ = try await scripted(http) { aws, _ in
            var desired = Self.desired(changes)
            desired.attributes["protect"] = nil
            return try await aws.update(Self.observed(), to: desired)
        }
        #expect(http.changes == requests)
    }

    @Test func anotherTypeNeedsAStop() async throws {
        let http = updating([
            ListedInstance.page(ListedInstance()),
            ListedInstance.page(ListedInstance(state: "stopping")),
            ListedInstance.page(ListedInstance(state: "stopped")),
            ListedInstance.page(ListedInstance(state: "stopped")),
            ListedInstance.page(ListedInstance(type: "t3.large")),
        ])
        let updated = try await scripted(http) { aws, _ in
            try await aws.update(
                Self.observed(), to: Self.desired(["instance_type": "t3.large", "protect": true]))
        }
        #expect(updated == Self.observed(["instance_type": "t3.large"]))
        #expect(
            http.changes == [
                [
                    "Action=ModifyInstanceAttribute", "DisableApiTermination.Value=true",
                    "InstanceId=i-1",
                ],
                ["Action=StopInstances", "InstanceId.1=i-1"],
                [
                    "Action=ModifyInstanceAttribute", "InstanceId=i-1",
                    "InstanceType.Value=t3.large",
                ],
                ["Action=StartInstances", "InstanceId.1=i-1"],
            ])
    }

    @Test func aSpotInstanceIsNotStopped() async throws {
        let http = updating([ListedInstance.page(ListedInstance())])
        let error = try await scripted(http) { aws, _ in
            try await providerError {
                try await aws.update(
                    Self.observed(["spot": true]),
                    to: Self.desired([
                        "spot": true, "environment": "staging", "instance_type": "t3.large",
                    ]))
            }
        }
        #expect(error?.reason == .unsupported)
        #expect(http.changes.isEmpty)
    }

    /// The file system grows as the machine boots, and a one-time spot machine cannot stop.
    @Test func theDiskOfASpotInstanceGrowsAndItIsRebooted() async throws {
        try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
            ) { _ in [:] }
            let recorder = RequestRecorder(world)
            let engine = TestEngine(project: ProjectSpec(project: "demo"))
            let aws = AWSProvider(
                engine.project, environment: world.environment, http: recorder, time: clock,
                random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            let shape = MachineShape(cpu: 2, memoryMebibytes: 2048, diskGibibytes: 20)
            let service = ServiceSpec(
                name: "web", target: .aws, size: .custom(shape), spot: true)
            let made = try await engine.create(service, on: aws)
            var larger = service
            larger.size = .custom(
                MachineShape(cpu: 2, memoryMebibytes: 2048, diskGibibytes: 30))
            try await engine.update(larger, on: aws)
            try await engine.expectNoDrift(larger, on: aws)
            #expect(try await engine.observed(aws).map(\.id) == made.map(\.id))
            let asked = recorder.requests.map(\.operation)
            #expect(asked.contains("ModifyVolume") && asked.contains("RebootInstances"))
            #expect(!asked.contains("StopInstances"))
        }
    }

    @Test func aStoppedInstanceIsStarted() async throws {
        let http = updating([
            ListedInstance.page(ListedInstance(state: "stopping")),
            ListedInstance.page(ListedInstance(state: "stopped")),
            ListedInstance.page(ListedInstance()),
        ])
        _ = try await scripted(http) { aws, _ in
            try await aws.update(Self.observed(["running": false]), to: Self.desired())
        }
        #expect(http.changes.last == ["Action=StartInstances", "InstanceId.1=i-1"])
    }

    @Test func aDiskGrowsButNeverShrinks() async throws {
        let http = updating([ListedInstance.page(ListedInstance())])
        let error = try await scripted(http) { aws, _ in
            try await providerError {
                try await aws.update(Self.observed(), to: Self.desired(["disk_gibibytes": 10]))
            }
        }
        #expect(error?.reason == .invalid)
        #expect(error?.detail == "it has 20 GiB and an EBS volume cannot get smaller")
    }

    private func updating(_ pages: [HTTPResponse]) -> RoutedHTTPClient {
        RoutedHTTPClient([
            "CreateTags": [Self.done], "ModifyInstanceAttribute": [Self.done],
            "ModifyInstanceMetadataOptions": [Self.done], "StopInstances": [Self.done],
            "StartInstances": [Self.done], "DescribeInstances": pages,
            "DescribeVolumes": [ListedVolume.page(ListedVolume())],
        ])
    }
}
