import Foundation
import Testing
import TestSupport

@testable import Services

/// Runs what the seed leaves on a machine, again and again.
@Suite struct SeedRunTests {
    private static func seed(_ service: ServiceSpec) -> Seed {
        Seed(for: service, in: ProjectSpec(project: "sample", repository: "octo/services"))
    }

    private static let container = seed(
        ServiceSpec(name: "job", target: .proxmox, guest: .lxc, data: DataVolume(gibibytes: 5)))
    private static let guest = seed(
        ServiceSpec(name: "job", target: .proxmox, data: DataVolume(gibibytes: 5)))
    private static let instance = seed(ServiceSpec(name: "job", target: .aws))

    private func stages(_ names: String...) -> [String] {
        names.flatMap { ["launch: stage \($0) started", "launch: stage \($0) done"] }
    }

    @Test(arguments: ScratchMachine.System.allCases, ScratchMachine.Processor.allCases)
    func aFreshMachineBecomesARunner(
        _ system: ScratchMachine.System, _ processor: ScratchMachine.Processor
    ) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, system, processor, root: root)
            #expect(try machine.mode("etc/launch/runner.env") == 0o600)
            let boot = try machine.boot()
            #expect(boot.succeeded)
            #expect(
                boot.words == stages(
                    "packages", "firewall", "user", "docker", "runner_files",
                    "runner_registration", "runner_service") + ["launch: ready"])
            #expect(
                try machine.content("given") == """
                    ACTIONS_RUNNER_INPUT_LABELS=job,production
                    ACTIONS_RUNNER_INPUT_NAME=launch-sample-job
                    ACTIONS_RUNNER_INPUT_TOKEN=AAA3TOKEN
                    ACTIONS_RUNNER_INPUT_URL=https://github.com/octo/services

                    """)
            #expect(!machine.has("etc/launch/runner.env"), "the token has served")
            let place = system == .ubuntu ? "ubuntu noble" : "debian bookworm"
            #expect(
                try machine.content("etc/apt/sources.list.d/docker.list") == """
                    deb [arch=native signed-by=/etc/apt/keyrings/docker.asc] \
                    https://download.docker.com/linux/\(place) stable

                    """)
            let (digest, name) = processor == .intel ? ("1aaf", "x64") : ("2aaf", "arm64")
            #expect(
                try machine.content("expected-digest")
                    == "\(digest)  /var/tmp/actions-runner.tar.gz\n")
            #expect(
                try machine.takeLog().split(separator: "\n").filter { $0.hasPrefix("curl") } == [
                    "curl -fsSL --retry 5 --retry-connrefused -o /var/tmp/actions-runner.tar.gz "
                        + "https://example.com/runner-\(name).tar.gz"
                ])
        }
    }

    @Test(arguments: [container, guest, instance])
    func theSecondBootChangesNothing(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(seed, root: root)
            let mounted = seed.runsInContainer ? "MOUNTED=1" : "MOUNTED="
            let first = try machine.boot(mounted)
            #expect(first.succeeded)
            _ = try machine.takeLog()
            let second = try machine.boot(mounted)
            #expect(second.succeeded)
            #expect(second.words == first.words.filter { !$0.contains("/dev/") })
            let growing = seed.runsInContainer || seed.service.data == nil
            #expect(
                try machine.takeLog() == """
                    systemctl enable --quiet launch-firewall.service
                    systemctl restart launch-firewall.service
                    install -d -o runner -g runner /srv/job
                    usermod -aG docker runner
                    \(growing ? "" : "resize2fs /dev/sdb\n")\
                    systemctl enable --now launch-runner.service

                    """)
        }
    }

    @Test func aBlankVolumeIsFormattedOnceAndMounted() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.guest, root: root)
            #expect(try machine.boot().succeeded)
            #expect(try machine.boot().succeeded)
            #expect(
                try machine.takeLog().split(separator: "\n").filter { $0.contains("mkfs") }.count
                    == 1)
            #expect(
                try machine.content("etc/fstab") == """
                    LABEL=launch-data /srv/job/data ext4 \
                    defaults,nofail,x-systemd.before=docker.service 0 2

                    """)
        }
    }

    @Test func aVolumeThatHoldsSomethingElseIsLeftAlone() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.guest, root: root)
            let boot = try machine.boot("SIGNATURE=crypto_LUKS")
            #expect(!boot.succeeded)
            #expect(
                boot.words.suffix(2) == [
                    "launch: no data volume is attached", "launch: stage data failed",
                ])
            #expect(!machine.has("formatted"))
        }
    }

    @Test func withoutItsDataVolumeAContainerIsNoRunner() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.container, root: root)
            #expect(
                try machine.boot().words.suffix(2) == [
                    "launch: /srv/job/data is not mounted", "launch: stage data failed",
                ])
            #expect(machine.has("etc/launch/runner.env"))
        }
    }

    @Test func aBootWithoutNetworkSaysWhereItStoppedAndTheNextGoesOn() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, root: root)
            let offline = try machine.boot("OFFLINE=1")
            #expect(!offline.succeeded)
            #expect(
                offline.words == [
                    "launch: stage packages started", "launch: stage packages failed",
                ])
            let online = try machine.boot()
            #expect(online.succeeded && online.words.last == "launch: ready")
        }
    }

    /// The guest agent of a VM reads it out; nobody else need.
    @Test func aVMNotesWhereItsBootIs() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.guest, root: root)
            #expect(try !machine.boot("OFFLINE=1").succeeded)
            #expect(
                try machine.content("run/launch/log")
                    == "E: the mirror is away\nlaunch: stage packages failed\n")
            let boot = try machine.boot()
            #expect(boot.succeeded)
            #expect(
                try machine.content("run/launch/log").hasSuffix(
                    "stage packages failed\n" + boot.words.joined(separator: "\n") + "\n"))
            #expect(try machine.mode("run/launch") == 0o700)
        }
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, root: root)
            #expect(try machine.boot().succeeded)
            #expect(!machine.has("run/launch"), "an instance has a console")
        }
    }

    @Test func anExpiredTokenStaysUntilAnotherComes() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, root: root)
            let late = try machine.boot("EXPIRED=1")
            #expect(!late.succeeded)
            #expect(late.words.last == "launch: stage runner_registration failed")
            #expect(machine.has("etc/launch/runner.env"))
            #expect(try machine.boot().succeeded)
            #expect(!machine.has("etc/launch/runner.env"))
        }
    }

    /// User data may hold another token at the next boot, until one has served.
    @Test func anInstanceFollowsItsUserDataAgainUntilItHasARunner() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, root: root)
            let modules = ["runcmd", "scripts_user", "ssh", "write_files"]
            #expect(try machine.beginBoot(havingRun: []) == [])
            #expect(try !machine.boot("EXPIRED=1").succeeded)

            #expect(try machine.beginBoot(havingRun: modules) == ["ssh"])
            try machine.plant(BootValues(token: "AAB4TOKEN", archives: ""))
            #expect(try machine.boot().succeeded)
            #expect(
                try machine.content("given").contains("ACTIONS_RUNNER_INPUT_TOKEN=AAB4TOKEN\n"))

            #expect(try machine.beginBoot(havingRun: modules) == modules)
            #expect(!machine.has("etc/launch/runner.env"))
        }
    }

    @Test func aProcessorThatGitHubHasNoRunnerForIsNamed() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, root: root)
            #expect(
                try machine.boot("MACHINE=riscv64").words.suffix(2) == [
                    "launch: there is no runner for riscv64", "launch: stage runner_files failed",
                ])
        }
    }

    @Test func aContainerThatMayNotFilterGoesOnAndAMachineDoesNot() throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.container, root: root)
            let boot = try machine.boot("REFUSED=1", "MOUNTED=1")
            #expect(boot.succeeded)
            #expect(boot.words.contains("launch: this container may not filter; its platform does"))
        }
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.instance, root: root)
            #expect(try machine.boot("REFUSED=1").words.last == "launch: stage firewall failed")
        }
    }
}
