import Foundation
import Resources
import Testing
import TestSupport

@testable import Services

private let cloudInit = ExternalTool("cloud-init")
private let schemaChecker = ExternalTool("check-jsonschema")
private let shellcheck = ExternalTool("shellcheck")
private let gpg = ExternalTool("gpg")
private let unshare = ExternalTool("unshare")
private let mayFilter =
    ExternalTool("nft").isInstalled
    && (try? unshare.complaint(["-rn", "nft", "list", "ruleset"])) == .some(nil)
private let aptConfig = ExternalTool("apt-config")
private let cloudInitSchema = PackageFiles.root + "/../shared/api/cloud-init-schema.json"

@Suite struct SeedTests {
    static let project = ProjectSpec(project: "sample", repository: "octo/services")
    /// One of every kind of machine, with and without a data volume.
    static let seeds = [
        ServiceSpec(name: "web", target: .aws, data: DataVolume(gibibytes: 20)),
        ServiceSpec(name: "plain", target: .aws, environment: "staging"),
        ServiceSpec(name: "tools", target: .proxmox, data: DataVolume(gibibytes: 5)),
        ServiceSpec(name: "job", target: .proxmox, guest: .lxc, data: DataVolume(gibibytes: 5)),
        ServiceSpec(name: "bare", target: .proxmox, guest: .lxc),
        ServiceSpec(
            name: "open", target: .aws,
            publicAccess: PublicAccess(hostname: "open.example.com", port: 443), port: 443,
            exposure: .direct,
            ingress: [
                IngressRule(port: 22, sources: ["10.0.0.0/8", "2001:db8::/32"]),
                IngressRule(port: 51820, sources: ["0.0.0.0/0", "10.1.0.0/16"], transport: .udp),
            ]),
    ].map { Seed(for: $0, in: project) }

    /// The same kinds of machine, whose runners register anew after each job.
    static let ephemeral = [
        ServiceSpec(
            name: "web", target: .aws, runnerLife: .ephemeral, data: DataVolume(gibibytes: 20)),
        ServiceSpec(name: "tools", target: .proxmox, runnerLife: .ephemeral),
        ServiceSpec(name: "job", target: .proxmox, guest: .lxc, runnerLife: .ephemeral),
    ].map { Seed(for: $0, in: project) }

    static let all = seeds + ephemeral

    private func resolved(_ value: Value, token: String = "AAA3TOKEN") -> String {
        let known = value.resolving { segment in
            guard case .ephemeral(let ephemeral) = segment else { return nil }
            return ephemeral.isSecret
                ? .secret(Secret(token)) : .string(ScratchMachine.values.archives)
        }
        guard case .secret(let secret) = known else { return "" }
        return secret.revealed
    }

    private func files(_ seed: Seed) throws -> [String: String] {
        let text = resolved(seed.userData)
        #expect(text.hasPrefix("#cloud-config\n{"))
        let body = try JSONDecoder().decode(
            Value.self, from: Data(text.drop { $0 != "\n" }.utf8))
        return Dictionary(
            uniqueKeysWithValues: try #require(body["write_files"]?.list).map {
                ($0["path"]?.string ?? "", $0["content"]?.string ?? "")
            })
    }

    @Test(arguments: all) func theTokenIsTheOnlySecret(_ seed: Seed) {
        for value in [seed.userData, seed.containerScript] {
            #expect(value.ephemerals == [seed.registrationToken, seed.runnerArchives])
            #expect(value.ephemerals.map(\.isSecret) == [true, false])
            #expect(value.references.isEmpty)
            #expect(resolved(value).components(separatedBy: "AAA3TOKEN").count == 2)
        }
    }

    @Test func theRunnersSettingsAreAFileOfTheirOwn() throws {
        let settings = """
            ACTIONS_RUNNER_INPUT_URL=https://github.com/octo/services
            ACTIONS_RUNNER_INPUT_TOKEN=AAA3TOKEN
            ACTIONS_RUNNER_INPUT_NAME=launch-sample-plain
            ACTIONS_RUNNER_INPUT_LABELS=plain,staging

            """
        #expect(try files(Self.seeds[1])["/etc/launch/runner.env"] == settings)
        #expect(resolved(Self.seeds[1].containerScript).contains(settings))
    }

    @Test func theRunnerRegistersWithAServerOfOnesOwn() throws {
        var project = Self.project
        project.githubServer = "https://github.acme.test"
        let seed = Seed(for: Self.seeds[1].service, in: project)
        let settings = try #require(try files(seed)["/etc/launch/runner.env"])
        #expect(
            settings.hasPrefix("ACTIONS_RUNNER_INPUT_URL=https://github.acme.test/octo/services\n"))
    }

    @Test(arguments: all) func theTokenIsHiddenInThePreview(_ seed: Seed) {
        let form = seed.runsInContainer ? seed.containerScript : seed.userData
        #expect(seed.preview == form.plainText)
        #expect(seed.preview.contains("ACTIONS_RUNNER_INPUT_TOKEN=(secret)"))
        #expect(seed.preview.contains("(github.runner_archives)"))
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html>: 16 KiB.
    /// A container's environment variable holds 128 KiB, in base64.
    @Test(arguments: all) func itFitsWhereItGoes(_ seed: Seed) {
        let digestsAndAddresses = 2 * (64 + 120)
        let limit = 16 * 1024 - digestsAndAddresses
        #expect(resolved(seed.userData).utf8.count < limit)
        #expect(resolved(seed.containerScript).utf8.count < limit)
    }

    @Test(arguments: all) func itIsTheSameEveryTime(_ seed: Seed) {
        let again = Seed(for: seed.service, in: seed.project)
        #expect(seed.userData == again.userData)
        #expect(seed.containerScript == again.containerScript)
    }

    /// A VM gets another instance id with another seed, and a container's script runs anyway.
    @Test func onlyInstancesFollowTheirUserDataAgain() {
        #expect(
            Self.seeds.map { resolved($0.userData).contains("\"bootcmd\"") }
                == Self.seeds.map { $0.service.target == .aws })
    }

    @Test func onlyAMachineWithDataLooksForAVolume() throws {
        let scripts = Self.seeds.map(\.bootstrapScript)
        #expect(
            scripts.map { $0.contains("step_data") } == [true, false, true, true, false, false])
        #expect(scripts.map { $0.contains("mkfs") } == [true, false, true, false, false, false])
        #expect(
            scripts.map { $0.contains("qemu-guest-agent") }
                == [false, false, true, false, false, false])
    }

    @Test func onlyWhatTheSpecAsksForIsOpen() throws {
        let rules = Self.seeds.map { $0.firewallRules.split(separator: "\n").map(String.init) }
        #expect(rules.dropLast().allSatisfy { $0 == rules[0] })
        #expect(
            try #require(rules.last).filter { !rules[0].contains($0) } == [
                "        tcp dport 443 accept",
                "        ip saddr 10.0.0.0/8 tcp dport 22 accept",
                "        ip6 saddr 2001:db8::/32 tcp dport 22 accept",
                "        ip saddr 0.0.0.0/0 udp dport 51820 accept",
                "        ip saddr 10.1.0.0/16 udp dport 51820 accept",
                "        meta l4proto tcp ct status dnat ct original proto-dst 443 accept",
                "        ip saddr 10.0.0.0/8 meta l4proto tcp ct status dnat"
                    + " ct original proto-dst 22 accept",
                "        ip6 saddr 2001:db8::/32 meta l4proto tcp ct status dnat"
                    + " ct original proto-dst 22 accept",
                "        ip saddr 0.0.0.0/0 meta l4proto udp ct status dnat"
                    + " ct original proto-dst 51820 accept",
                "        ip saddr 10.1.0.0/16 meta l4proto udp ct status dnat"
                    + " ct original proto-dst 51820 accept",
            ])
    }

    @Test(.enabled(if: mayFilter, "nft is not installed, or may not filter"), arguments: all)
    func theKernelTakesTheFirewallsRulesTwice(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/firewall.nft"
            try "\(seed.firewallRules)\n\(seed.firewallRules)\n"
                .write(toFile: file, atomically: false, encoding: .utf8)
            #expect(try unshare.complaint(["-rn", "nft", "--file", file]) == nil)
        }
    }

    @Test(
        .enabled(
            if: mayFilter && ExternalTool("ip").isInstalled,
            "nft and ip are not installed, or may not filter"))
    func packetsPassAsTheSpecSays() throws {
        let service = ServiceSpec(
            name: "open", target: .aws,
            publicAccess: PublicAccess(hostname: "open.example.com", port: 443), port: 443,
            exposure: .direct,
            ingress: [
                IngressRule(port: 22, sources: ["10.0.0.0/24"]),
                IngressRule(port: 8443, sources: ["192.168.0.0/16"]),
            ])
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/firewall.nft"
            try Seed(for: service, in: Self.project).firewallRules
                .write(toFile: file, atomically: false, encoding: .utf8)
            let trial = "\(PackageFiles.root)/Tests/ServicesTests/Fixtures/firewall_trial.sh"
            let words = try unshare.complaint(["-rn", "sh", "-c", "bash \(trial) \(file); exit 1"])
            #expect(
                words == """
                    outside to 10.0.0.1:22 open
                    outside to 10.0.0.1:9000 closed
                    outside to 10.0.0.1:8080 closed
                    outside to 10.0.0.1:443 open
                    outside to 10.0.0.1:8443 closed
                    outside to 172.17.0.2:80 closed
                    container to 10.0.0.2:7000 open
                    machine to 10.0.0.2:7000 open
                    machine to 127.0.0.1:9000 open

                    """)
        }
    }

    /// What the package brings is replaced, not added to.
    @Test(.enabled(if: aptConfig.isInstalled, "apt is not installed"))
    func onlySecurityUpgradesComeByThemselves() throws {
        try PackageFiles.withTemporaryFolder { folder in
            let package = "Unattended-Upgrade::Origins-Pattern { \"origin=Debian\"; };\n"
            let ours = try #require(files(Self.seeds[0])["/etc/apt/apt.conf.d/52launch"])
            try (package + ours).write(
                toFile: "\(folder)/apt.conf", atomically: false, encoding: .utf8)
            let check = """
                APT_CONFIG=\(folder)/apt.conf apt-config dump | grep Origins-Pattern:: > \(folder)/out
                test "$(grep -c . \(folder)/out)" -eq 2 && ! grep -v -- -security \(folder)/out
                """
            #expect(try ExternalTool("sh").complaint(["-c", check]) == nil)
        }
    }

    @Test(
        .enabled(if: schemaChecker.isInstalled, "check-jsonschema is not installed"),
        .enabled(
            if: FileManager.default.fileExists(atPath: cloudInitSchema),
            "cloud-init's schema is not at hand"),
        arguments: all)
    func userDataFitsTheSchemaOfCloudInit(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/user-data.yaml"
            try resolved(seed.userData).write(toFile: file, atomically: false, encoding: .utf8)
            #expect(try schemaChecker.complaint(["--schemafile", cloudInitSchema, file]) == nil)
        }
    }

    @Test(
        .enabled(if: cloudInit.isInstalled, "cloud-init is not installed"), arguments: all)
    func cloudInitAcceptsTheUserData(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/user-data"
            try resolved(seed.userData).write(toFile: file, atomically: false, encoding: .utf8)
            #expect(try cloudInit.complaint(["schema", "--config-file", file]) == nil)
        }
    }

    @Test(arguments: all) func theScriptsAreShell(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { folder in
            for script in [
                seed.bootstrapScript, resolved(seed.containerScript), seed.ephemeralLife,
                "#!/bin/sh\n\(seed.anotherChance)",
            ] {
                let file = "\(folder)/script.sh"
                try (script + "\n").write(toFile: file, atomically: false, encoding: .utf8)
                #expect(try ExternalTool("sh").complaint(["-n", file]) == nil)
                guard shellcheck.isInstalled else { continue }
                #expect(
                    try shellcheck.complaint(["-s", "sh", "-e", "SC1091,SC2317,SC2329", file])
                        == nil)
            }
        }
    }

    @Test(.enabled(if: gpg.isInstalled, "gpg is not installed"))
    func theKeyIsDockers() throws {
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/docker.asc"
            try DockerSigningKey.armoured.write(toFile: file, atomically: false, encoding: .utf8)
            let importing = ["--homedir", folder, "--quiet", "--batch", "--import", file]
            #expect(try gpg.complaint(importing) == nil)
            #expect(
                try gpg.complaint([
                    "--homedir", folder, "--quiet", "--batch", "--list-keys",
                    "9DC858229FC7DD38854AE2D88D81803C0EBFCD88",
                ]) == nil)
        }
    }
}
