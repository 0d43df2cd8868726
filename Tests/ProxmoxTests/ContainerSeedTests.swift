import Foundation
import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

/// What a container runs at its start, run for real: the options that Launch gives it, in a
/// scratch root.
@Suite struct ContainerSeedTests {
    /// The two options as they are on the guest before it starts for the first time.
    private static func options() async throws -> (entrypoint: String, environment: String) {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(.lxc, "job"))
            _ = try await cluster.provider().create(machine, key: Cluster.key)
            let options = cluster.world.locked { $0.proxmox?.configuration(of: 100) ?? [:] }
            return (
                try #require(options["entrypoint"]), try #require(options["env"])
            )
        }
    }

    /// LXC splits the command at blanks; a word may stand in quotes as a whole, without escapes.
    private static func words(_ command: String) -> [String] {
        command.split(separator: "'", omittingEmptySubsequences: false).enumerated()
            .flatMap { $0 % 2 == 1 ? [String($1)] : $1.split(separator: " ").map(String.init) }
    }

    /// Every absolute path of the machine's own below `root`.
    private static func moved(_ script: String, to root: String) -> String {
        ["etc", "opt", "srv", "usr/local", "var/tmp", "home", "sbin"].reduce(script) {
            text, folder in
            text.replacing(" /\(folder)/", with: " \(root)/\(folder)/")
                .replacing("=/\(folder)/", with: "=\(root)/\(folder)/")
        }
    }

    private static func files(in root: String) throws -> [String: String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root)
        return names.reduce(into: [:]) { files, name in
            files[name] = try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
        }
    }

    @Test func everySeedIsWrittenOnceAndEveryStartBecomesInit() async throws {
        let (entrypoint, environment) = try await Self.options()
        #expect(
            !environment.contains("\n")
                && environment.wholeMatch(of: /\w+=[A-Za-z0-9+\/]+=*/) != nil)
        let encoded = try #require(environment.split(separator: "=", maxSplits: 1).last)
        let seed = try #require(Data(base64Encoded: String(encoded)))
        let words = Self.words(entrypoint)
        #expect(words.count == 3 && words.prefix(2) == ["/bin/sh", "-c"])

        try PackageFiles.withTemporaryFolder { root in
            let script = Self.moved(String(decoding: seed, as: UTF8.self), to: root)
            try FileManager.default.createDirectory(
                atPath: "\(root)/sbin", withIntermediateDirectories: true)
            // Stands for init: it tells its process, and what it was given.
            try "#!/bin/sh\necho \"init $$ ${LAUNCH_SEED-unset}\" >> \(root)/started\n".write(
                toFile: "\(root)/sbin/init", atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(root)/sbin/init")
            let command = [
                "-i", "PATH=/usr/bin:/bin",
                "LAUNCH_SEED=\(Data(script.utf8).base64EncodedString())",
                "sh", "-c", Self.moved(words[2], to: root),
            ]
            #expect(try ExternalTool("env").complaint(command) == nil)
            var first = try Self.files(in: root)
            #expect(first["etc/launch/seeded"]?.isEmpty == false)
            #expect(first["etc/launch/runner.env"]?.contains("AAAA-TOKEN") == true)
            #expect(
                first["etc/systemd/system/multi-user.target.wants/launch-bootstrap.service"]
                    == first["etc/systemd/system/launch-bootstrap.service"])

            // The runner took its token away; the next start must not bring it back.
            try FileManager.default.removeItem(atPath: "\(root)/etc/launch/runner.env")
            #expect(try ExternalTool("env").complaint(command) == nil)
            var second = try Self.files(in: root)
            let starts = second.removeValue(forKey: "started")?.split(separator: "\n") ?? []
            #expect(starts.count == 2 && starts.allSatisfy { $0.hasSuffix(" unset") })
            first["started"] = nil
            first["etc/launch/runner.env"] = nil
            #expect(second == first)

            // Another seed brings another token.
            let other = script.replacing("AAAA-TOKEN", with: "BBBB-TOKEN")
            let third = command.map {
                $0.hasPrefix("LAUNCH_SEED=")
                    ? "LAUNCH_SEED=\(Data(other.utf8).base64EncodedString())" : $0
            }
            #expect(try ExternalTool("env").complaint(third) == nil)
            #expect(
                try Self.files(in: root)["etc/launch/runner.env"]?.contains("BBBB-TOKEN") == true)
        }
    }

    @Test func aSeedThatIsBrokenStillStartsTheContainer() async throws {
        let (entrypoint, _) = try await Self.options()
        try PackageFiles.withTemporaryFolder { root in
            try FileManager.default.createDirectory(
                atPath: "\(root)/sbin", withIntermediateDirectories: true)
            try "#!/bin/sh\n: > \(root)/started\n".write(
                toFile: "\(root)/sbin/init", atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(root)/sbin/init")
            let complaint = try ExternalTool("env").complaint([
                "-i", "PATH=/usr/bin:/bin", "LAUNCH_SEED=ZmFsc2UgJiYK",
                "sh", "-c", Self.moved(Self.words(entrypoint)[2], to: root),
            ])
            #expect(complaint == nil)
            #expect(FileManager.default.fileExists(atPath: "\(root)/started"))
        }
    }
}
