import Foundation
import Testing
import TestSupport

@testable import Services

/// Runs what the seed of an ephemeral runner leaves on a machine, again and again.
@Suite struct EphemeralSeedTests {
    private static func seed(
        _ target: ServiceSpec.Target, _ guest: GuestKind = .vm,
        _ life: ServiceSpec.RunnerLife = .ephemeral
    ) -> Seed {
        Seed(
            for: ServiceSpec(name: "job", target: target, guest: guest, runnerLife: life),
            in: ProjectSpec(project: "sample", repository: "octo/services"))
    }

    private static let seeds = [seed(.aws), seed(.proxmox), seed(.proxmox, .lxc)]
    private static let options = "--unattended --replace --ephemeral --work _work\n"

    private func given(_ token: String) -> String {
        """
        ACTIONS_RUNNER_INPUT_LABELS=job,production
        ACTIONS_RUNNER_INPUT_NAME=launch-sample-job
        ACTIONS_RUNNER_INPUT_TOKEN=\(token)
        ACTIONS_RUNNER_INPUT_URL=https://github.com/octo/services

        """
    }

    private static func values(_ token: String) -> BootValues {
        BootValues(token: token, archives: ScratchMachine.values.archives)
    }

    @Test(arguments: seeds) func theFirstTokenMakesAnEphemeralRunner(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(seed, root: root)
            #expect(try machine.boot().succeeded)
            #expect(try machine.content("options") == Self.options)
            #expect(try machine.content("given") == given("AAA3TOKEN"))
            #expect(!machine.has("etc/launch/runner.env"))
            #expect(machine.has("opt/ephemeral-runner/.runner"))
            #expect(!machine.has("opt/actions-runner"))
        }
    }

    /// Whatever a job has made of the runner since: its unit sees to that.
    @Test(arguments: seeds) func aRestartTakesNoTokenAgain(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(seed, root: root)
            #expect(try machine.boot().succeeded)
            try FileManager.default.removeItem(
                atPath: machine.path("opt/ephemeral-runner/.runner"))
            _ = try machine.takeLog()
            if seed.isOnAWS {
                #expect(try machine.beginBoot(havingRun: ["runcmd", "ssh"]) == ["runcmd", "ssh"])
            }
            #expect(try machine.boot().succeeded)
            #expect(!machine.has("opt/ephemeral-runner/.runner"))
            #expect(
                try machine.takeLog() == """
                    systemctl enable --quiet launch-firewall.service
                    systemctl restart launch-firewall.service
                    install -d -o runner -g runner /srv/job
                    usermod -aG docker runner
                    systemctl enable --now launch-runner.service

                    """)
        }
    }

    @Test(arguments: seeds) func anotherSeedRegistersAgain(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(seed, root: root)
            #expect(try machine.boot().succeeded)
            try machine.leave(token: "LEFT")
            try machine.plant(Self.values("AAB4TOKEN"))
            if seed.isOnAWS {
                #expect(try machine.beginBoot(havingRun: ["runcmd", "write_files"]) == [])
            }
            #expect(try machine.boot().succeeded)
            #expect(try machine.content("given") == given("AAB4TOKEN"))
            #expect(!machine.has("etc/launch/runner.env"))
            #expect(!machine.has("opt/ephemeral-runner/.next-token"))
        }
    }

    @Test(arguments: seeds) func aTokenThatIsNotTakenIsTriedAgain(_ seed: Seed) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(seed, root: root)
            let late = try machine.boot("EXPIRED=1")
            #expect(late.words.last == "launch: stage runner_registration failed")
            #expect(machine.has("etc/launch/runner.env"))
            #expect(try machine.boot().succeeded)
            #expect(!machine.has("etc/launch/runner.env"))
        }
    }

    /// From one that stays to one for each job and back, on one disk.
    @Test(arguments: seeds) func theWayOfLifeChangesWithTheSeed(_ seed: Seed) throws {
        let staying = Self.seed(seed.service.target, seed.service.guest, .persistent)
        try PackageFiles.withTemporaryFolder { root in
            #expect(try ScratchMachine(staying, root: root).boot().succeeded)
            let machine = try ScratchMachine(seed, root: root)
            if seed.isOnAWS { #expect(try machine.beginBoot(havingRun: ["runcmd"]) == []) }
            #expect(try machine.boot().succeeded)
            #expect(try machine.content("options") == Self.options)
            #expect(!machine.has("opt/actions-runner"))
            let again = try ScratchMachine(staying, root: root)
            if seed.isOnAWS { #expect(try again.beginBoot(havingRun: ["runcmd"]) == []) }
            #expect(try again.boot().succeeded)
            #expect(try again.content("options") == "--unattended --replace --work _work\n")
            #expect(machine.has("opt/actions-runner/.runner"))
        }
    }

    // MARK: - The unit

    private func withRunner(_ body: (ScratchMachine) throws -> Void) throws {
        try PackageFiles.withTemporaryFolder { root in
            let machine = try ScratchMachine(Self.seeds[0], root: root)
            #expect(try machine.boot().succeeded)
            _ = try machine.takeLog()
            try body(machine)
        }
    }

    @Test func afterAJobTheRunnerRegistersWithTheTokenThatTheJobLeft() throws {
        try withRunner { machine in
            #expect(try machine.live())
            #expect(!machine.has("opt/ephemeral-runner/.runner"))
            for token in ["T1", "T2"] {
                try machine.leave(token: token)
                #expect(try machine.live())
                #expect(try machine.content("given") == given(token))
                #expect(try machine.content("options") == Self.options)
                #expect(!machine.has("opt/ephemeral-runner/.next-token"))
            }
            #expect(try machine.takeLog() == "run.sh\nrun.sh\nrun.sh\n")
        }
    }

    @Test func withoutATokenItWaitsQuietly() throws {
        try withRunner { machine in
            #expect(try machine.live())
            _ = try machine.takeLog()
            #expect(try machine.live())
            #expect(try machine.takeLog() == String(repeating: "sleep 5\n", count: 60))
            #expect(try machine.content("output") == "")
        }
    }

    /// Its registration is gone at GitHub, as after a day offline.
    @Test func aRunnerThatGitHubForgotIsNotStartedInALoop() throws {
        try withRunner { machine in
            let ended = try machine.live("DEAF=1")
            #expect(ended)
            #expect(try machine.takeLog() == "run.sh\nsleep 60\n")
        }
    }

    /// The machine was restarted in the middle of a job.
    @Test func aTokenTellsThatTheRegistrationBeforeIsUsedUp() throws {
        try withRunner { machine in
            try machine.leave(token: "T1")
            #expect(machine.has("opt/ephemeral-runner/.runner"))
            #expect(try machine.live())
            #expect(try machine.content("given") == given("T1"))
        }
    }

    @Test func aRegistrationThatFailsIsTriedAgainInAMinute() throws {
        try withRunner { machine in
            try machine.leave(token: "T1")
            let ended = try machine.live("EXPIRED=1")
            #expect(!ended)
            #expect(try machine.takeLog() == "sleep 60\n")
            #expect(machine.has("opt/ephemeral-runner/.next-token"))
            #expect(try machine.live())
            #expect(try machine.content("given") == given("T1"))
        }
    }

    @Test func anExpiredTokenIsLetGo() throws {
        try withRunner { machine in
            try machine.leave(token: "T1", minutesAgo: 62)
            #expect(try machine.live())
            #expect(try machine.content("given") == given("AAA3TOKEN"))
            #expect(!machine.has("opt/ephemeral-runner/.next-token"))
            #expect(!machine.has("opt/ephemeral-runner/.runner"))
        }
    }

    /// Every byte is as it was before there were others.
    @Test func aSeedForARunnerThatStaysKnowsNothingOfThis() {
        for seed in [Self.seed(.aws, .vm, .persistent), Self.seed(.proxmox, .lxc, .persistent)] {
            let files = seed.files(ScratchMachine.values).flatMap { [$0.path, $0.content] }
            let isMentioned = (files + [seed.anotherChance]).contains { $0.contains("ephemeral") }
            #expect(!isMentioned)
        }
    }
}

extension Seed {
    fileprivate var isOnAWS: Bool { service.target == .aws }
}
