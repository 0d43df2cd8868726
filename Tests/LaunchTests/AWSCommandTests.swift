import Cryptography
import CurlHTTP
import Foundation
import HTTP
import Resources
import Services
import TestSupport
import Testing

@testable import AWS

/// What people do with AWS from the command line, each command a process of its own.
@Suite(.timeLimit(.minutes(10))) struct AWSCommandTests {
    /// The provider itself, to do by hand what people do.
    private func aws(_ environment: [String: String]) -> AWSProvider {
        AWSProvider(
            ProjectSpec(project: "example"), environment: environment, http: ServedWorld.client,
            time: PlainClock(), random: PlainRandom(), digests: OpenSSLDigests())
    }

    @Test func aVolumeThatExistsIsAdopted() async throws {
        try await withBench(["librechat"]) { bench in
            let ec2 = aws(bench.environment).ec2
            let zone = try #require(
                try await ec2.subnets(Filter("default-for-az", "true")).first?.availabilityZone)
            let volume: VolumeDocument = try await ec2.call(
                "CreateVolume",
                [
                    "AvailabilityZone": .string(zone), "Size": 20, "VolumeType": "gp3",
                    "Encrypted": true,
                ])
            let strange = try await bench.run("adopt", "librechat", "librechat/aws.volume", "vol-1")
            #expect(strange.code == 1)
            let adopted = try await bench.run(
                "adopt", "librechat", "librechat/aws.volume", volume.volumeId)
            #expect(
                adopted.output == "librechat/aws.volume: adopted \(volume.volumeId); `launch plan` "
                    + "shows what differs.\n")
            #expect(try await bench.run("converge", "--yes").code == 0)
            let shown = try await bench.run("state", "show", "librechat/aws.volume")
            #expect(shown.output.contains(volume.volumeId))
            // That one, and the machine's own disk.
            #expect(try await bench.world.inventory()["ec2 volume"] == 2)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test func aNewerImageIsTakenWhenItIsAskedFor() async throws {
        try await withBench(["librechat"]) { bench in
            #expect(try await bench.run("converge", "--yes").code == 0)
            try await bench.world.perform("publish_image", name: "ubuntu-24.04")
            let note = "a newer image is published, ami-0a1b2c3d4e5f60011."
            let plan = try await bench.run("plan", "--detailed-exitcode")
            #expect(plan.code == 0)
            #expect(plan.output.contains("librechat/aws.instance: \(note)"))
            #expect(try await bench.run("status").output.contains("librechat: \(note)"))
            let upgrade = try await bench.run(
                "converge", "--upgrade-image", "librechat", "--yes")
            #expect(upgrade.code == 0)
            let after = try await bench.run("plan", "--upgrade-image", "librechat")
            #expect(after.output.hasPrefix("No changes."))
            #expect(!after.output.contains("newer image"))
            #expect(
                try await bench.run("state", "show", "librechat/aws.instance").output
                    .contains("ami-0a1b2c3d4e5f60011"))
        }
    }

    /// In moto, whose default network is taken away. Nothing boots there, so the run is over when
    /// it has waited for the runner long enough.
    @Test(.enabled(if: MotoServer.python != nil, "\(MotoServer.reason)"))
    func aNetworkIsMadeAndRemoved() async throws {
        let moto = try MotoServer()
        defer { moto.stop() }
        try await withBench(["librechat"]) { bench in
            let ec2 = aws(moto.environment).ec2
            for subnet in try await ec2.subnets(Filter("default-for-az", "true")) {
                try await ec2.perform("DeleteSubnet", ["SubnetId": .string(subnet.subnetId)])
            }
            let changes: [String: String?] = Dictionary(
                uniqueKeysWithValues: moto.environment.map { ($0.key, Optional($0.value)) })
            let made = try await bench.run(
                ["converge", "--yes", "--timeout", "60s"], environment: changes)
            #expect(try await ec2.subnets(ec2.ownNetwork).count == 3, "\(made)")
            let gone = try await bench.run(
                ["destroy", "--all", "--yes", "--with-data"], environment: changes)
            #expect(gone.code == 0, "\(gone)")
            #expect(try await ec2.subnets(ec2.ownNetwork).isEmpty)
        }
    }
}

private struct PlainClock: TimeSource {
    func now() -> Date { Date() }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

private struct PlainRandom: RandomSource {
    func next() -> UInt64 { .random(in: .min ... .max) }
}
