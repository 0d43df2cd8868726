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

    /// Another type by hand becomes the spec's: one line of it is other, and nothing is left to do.
    @Test func anotherTypeIsTakenIntoTheSpec() async throws {
        try await withBench(["librechat"]) { bench in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let provider = aws(bench.environment)
            let objects = try await provider.observe(Scope(project: "example"))
            let machine = try #require(objects.first { $0.address.isMachine })
            let wished = Resource(machine.address, attributes: machine.attributes)
            _ = try await provider.update(machine, to: wished.with(["instance_type": "t3.large"]))

            let found = try await bench.run("drift", "--detailed-exitcode")
            #expect(found.code == 2)
            #expect(
                found.output.contains(
                    "To make it the rule: `launch drift --accept librechat/aws.instance` writes it"
                        + " into the spec.\n"))
            let path = "services/librechat/service.yaml"
            let file = bench.repository.appending(path: path)
            let before = try String(contentsOf: file, encoding: .utf8)
            let size = "{cpu: 2, memory: 8GiB, disk: 30GiB}"
            #expect(
                try await bench.run("drift", "--accept", "librechat/aws.instance")
                    == Outcome(
                        0,
                        output: """
                            \(path):4: size: medium → \(size)
                            librechat/aws.instance: accepted as it is

                            """))
            #expect(
                try String(contentsOf: file, encoding: .utf8)
                    == before.replacing("size: medium\n", with: "size: \(size)\n"))
            for command in ["drift", "plan"] {
                let checked = try await bench.run(command, "--detailed-exitcode")
                #expect(checked.code == 0, "\(checked.output)")
            }
            #expect(try await bench.run("validate").code == 0)
            let life = try await bench.run("why", "librechat/aws.instance").output
            #expect(life.contains(/adopted +ada@\S+ for drift --accept/))
            #expect(life.contains("instance_type: t3.medium → t3.large"))
        }
    }

    @Test func whatNoSpecSaysIsRefused() async throws {
        try await withBench(["librechat"]) { bench in
            #expect(try await bench.run("converge", "--yes").code == 0)
            try await bench.world.act(["action": "stop_instance", "service": "librechat"])
            let before = try await bench.footprint()
            #expect(
                try await bench.run(
                    "drift", "--accept", "librechat/aws.instance", "librechat/aws.volum")
                    == Outcome(
                        1,
                        errors: """
                            Error: nothing was accepted:
                              - librechat/aws.volum: no object has that address; did you mean \
                            librechat/aws.volume?
                            → Name an address that `launch drift` shows as changed.

                            """))
            #expect(
                try await bench.run("drift", "--accept", "librechat/aws.instance")
                    == Outcome(
                        1,
                        errors: """
                            Error: nothing was accepted:
                              - librechat/aws.instance: running: no key of service.yaml says it
                            → Revert it with `launch converge librechat`, or let it be for a while \
                            with `drift.ignore` in launch.yaml.

                            """))
            let strange = try await bench.run("drift", "--accept", "librechat")
            #expect(strange.code == 1)
            #expect(strange.errors.hasPrefix("Error: librechat is no address\n"))
            let reported = try await bench.run(
                "drift", "librechat", "--accept", "librechat/aws.instance")
            #expect(reported.errors.contains("--accept goes without services, --format"))
            #expect(try await bench.footprint() == before)
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
