import Cryptography
import Foundation
import HTTP
import Resources
import Services
import TestSupport
import Testing

@testable import AWS

/// Terraform's state in and its blocks out, each command a process of its own.
@Suite(.timeLimit(.minutes(10))) struct TerraformCommandTests {
    /// A volume that somebody made, and the state that knows it.
    private func volume(in bench: Bench) async throws -> String {
        let ec2 = AWSProvider(
            ProjectSpec(project: "example"), environment: bench.environment,
            http: ServedWorld.client, time: PlainClock(), random: PlainRandom(),
            digests: OpenSSLDigests()
        ).ec2
        let zone = try #require(
            try await ec2.subnets(Filter("default-for-az", "true")).first?.availabilityZone)
        let volume: VolumeDocument = try await ec2.call(
            "CreateVolume",
            [
                "AvailabilityZone": .string(zone), "Size": 20, "VolumeType": "gp3",
                "Encrypted": true,
            ])
        return volume.volumeId
    }

    private func write(_ resources: String, in bench: Bench) throws {
        let text = """
            {"version": 4, "terraform_version": "1.9.8", "serial": 17, "lineage": "l",
             "resources": [\(resources)]}
            """
        try Data(text.utf8).write(to: bench.repository.appending(path: "terraform.tfstate"))
    }

    private func resource(_ type: String, _ name: String, _ id: String) -> String {
        #"{"mode": "managed", "type": "\#(type)", "name": "\#(name)", "instances": "#
            + #"[{"attributes": {"id": "\#(id)"}}]}"#
    }

    private func adopt(_ more: String..., in bench: Bench) async throws -> Outcome {
        let file = bench.repository.appending(path: "terraform.tfstate").path
        return try await bench.run(["adopt", "--from-terraform", file] + more)
    }

    @Test func aStateIsAdoptedAndExported() async throws {
        try await withBench(["librechat"]) { bench in
            let id = try await volume(in: bench)
            try write(
                [
                    resource("aws_ebs_volume", "librechat", id),
                    resource("aws_s3_bucket", "logs", "logs"),
                ].joined(separator: ","), in: bench)
            let file = bench.repository.appending(path: "terraform.tfstate").path
            let adopted = try await adopt("--yes", in: bench)
            #expect(adopted.code == 0, "\(adopted)")
            #expect(
                adopted.output.hasPrefix(
                    """
                    \(file): Terraform 1.9.8, serial 17, 2 objects.

                    librechat:
                      = adopt    aws.volume  \(id)  aws_ebs_volume.librechat
                          then: nothing, it is as the spec says

                    Left to Terraform:
                      aws_s3_bucket.logs  Launch does not manage aws_s3_bucket

                    Adoption: 1 to adopt. It puts marks on them and writes the state; nothing is \
                    created, changed or deleted.
                    Afterwards `launch converge` would have 7 to create; `launch plan` shows it.

                    """), "\(adopted.output)")
            #expect(
                try await bench.run("state", "show", "librechat/aws.volume").output.contains(id))
            #expect(try await bench.world.inventory() == ["ec2 volume": 1])
            #expect(
                try await adopt("--yes", in: bench).output.contains("1 already adopted."))
            let again = try await adopt("--yes", "--format", "json", in: bench)
            #expect(again.code == 0, "\(again)")
            let document = try #require(Value(json: Array(again.output.utf8)))
            #expect(document["summary"] == ["adopt": 0, "record": 0, "adopted": 1])

            let exported = try await bench.run("state", "export", "--terraform", "librechat")
            #expect(exported.code == 0, "\(exported)")
            #expect(
                exported.output.contains(
                    """
                    import {
                      to = aws_ebs_volume.librechat
                      id = "\(id)"
                    }
                    """))
            #expect(try await bench.run("state", "export").code == 1)
        }
    }

    /// Errors with place, cause and remedy; nothing is written.
    @Test func whatIsInTheWayIsSaid() async throws {
        try await withBench(["librechat"]) { bench in
            let file = bench.repository.appending(path: "terraform.tfstate").path
            #expect(
                try await adopt(in: bench)
                    == Outcome(
                        1,
                        errors: """
                            Error: \(file): it cannot be read
                            → Write it with `terraform state pull > terraform.tfstate`.

                            """))
            try Data(#"{"version": 3, "serial": 1, "lineage": "l"}"#.utf8).write(
                to: URL(fileURLWithPath: file))
            #expect(
                try await adopt(in: bench)
                    == Outcome(
                        1,
                        errors: """
                            Error: \(file): it has format 3, of before Terraform 0.12; 4 is read
                            → Bring it up to date with a Terraform of today: `terraform apply \
                            -refresh-only`, then `terraform state pull > terraform.tfstate`.

                            """))
            try write(
                [
                    resource("aws_ebs_volume", "librechat", "vol-0gone"),
                    resource("aws_instance", "librechat", "i-1"),
                    resource("aws_instance", "librechat-data", "i-2"),
                ].joined(separator: ","), in: bench)
            #expect(
                try await adopt(
                    "--map", "aws_instance.librechat-data=librechat", in: bench)
                    == Outcome(
                        1,
                        errors: """
                            Error: nothing was adopted:
                              - librechat/aws.instance: 2 of Terraform's objects are it: \
                            aws_instance.librechat (i-1), aws_instance.librechat-data (i-2)
                              - aws_ebs_volume.librechat (vol-0gone): there is no such object any \
                            more
                            → Leave all but one out with --leave ADDRESS, or say with --map \
                            ADDRESS=SERVICE whose they are.
                            → Bring the state up to date with `terraform apply -refresh-only`, \
                            and check the account and region of the credentials.

                            """))
            #expect(try await bench.run("state", "list") == Outcome(0))
            #expect(try await bench.world.inventory() == [:])
        }
    }

    @Test func optionsThatDoNotGoTogetherAreRefused() async throws {
        try await withBench(["librechat"]) { bench in
            for (arguments, words) in [
                (["adopt", "--leave", "x"], "--lock-table, --map, --leave and --yes go with"),
                (["adopt", "--from-terraform", "s3://b"], "as a file or as s3://bucket/key"),
                (["adopt", "--from-terraform", "f", "--map", "x"], "--map as ADDRESS=SERVICE"),
                (
                    ["adopt", "web", "web/aws.volume", "vol-1", "--format", "json"],
                    "--format json goes with --discover and --from-terraform."
                ),
                (["state", "export"], "Say what for: --terraform."),
            ] {
                let outcome = try await bench.run(arguments)
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
            }
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
