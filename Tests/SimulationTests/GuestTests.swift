import Cryptography
import Foundation
import Resources
import Testing

@testable import Simulation

@Suite struct GuestTests {
    private static let settings = """
        ACTIONS_RUNNER_INPUT_URL=https://github.com/example/services
        ACTIONS_RUNNER_INPUT_TOKEN=TOKEN
        ACTIONS_RUNNER_INPUT_NAME=launch-demo-web
        ACTIONS_RUNNER_INPUT_LABELS=web,production

        """
    private static let machine = MachineID("aws/i-1")
    private static let registered = [
        "register launch-demo-web at https://github.com/example/services as web,production",
        "launch-demo-web of example/services online",
    ]

    private static func cloudConfig(token: String) throws -> [UInt8] {
        let content = settings.replacingOccurrences(of: "TOKEN=TOKEN", with: "TOKEN=\(token)")
        let file: Value = ["path": "/etc/launch/runner.env", "content": .string(content)]
        let body = try JSONEncoder().encode(["write_files": Value.list([["path": "/a"], file])])
        return Array("#cloud-config\n".utf8) + Array(body)
    }

    /// Lets guests live in a world whose registry takes the token `good`.
    private func live(
        _ acts: (WorldCore) -> Void...
    ) throws -> (events: [String], log: [String]) {
        let clock = VirtualClock()
        let world = SimulatedWorld(
            time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests(),
            readSeedImage: { _ in [:] })
        let registry = RecordingRegistry(validToken: "good")
        world.locked { $0.runnerRegistry = registry }
        for act in acts {
            world.locked(act)
            clock.advance(by: .seconds(60))
        }
        return world.locked { (registry.events, $0.guests.bootLog(of: Self.machine)) }
    }

    @Test func cloudConfigBringsTheRunnerOnline() throws {
        let seed = try Self.cloudConfig(token: "good")
        let life = try live {
            $0.guests.powerOn(Self.machine, seed: seed, hostName: "web")
        }
        #expect(life.events == Self.registered)
        #expect(
            life.log == [
                "web: starting", "runner launch-demo-web: registered", "web: up",
            ])
    }

    private static func script(token: String) -> [UInt8] {
        let settings = settings.replacingOccurrences(of: "TOKEN=TOKEN", with: "TOKEN=\(token)")
        return Array("#!/bin/sh\n\(settings)\nstage docker\n  stage runner\n".utf8)
    }

    @Test func theStagesOfASeedAreGoneThroughInOrder() throws {
        let life = try live {
            $0.guests.powerOn(Self.machine, seed: Self.script(token: "good"), hostName: "web")
        }
        #expect(
            life.log == [
                "web: starting", "launch: stage docker started", "launch: stage docker done",
                "launch: stage runner started", "runner launch-demo-web: registered",
                "launch: stage runner done", "launch: ready", "web: up",
            ])
    }

    @Test func aStageThatFailsIsTriedAgain() throws {
        let life = try live(
            {
                $0.guests.failingStages = ["docker"]
                $0.guests.powerOn(Self.machine, seed: Self.script(token: "good"), hostName: "web")
            }, { $0.guests.failingStages = [] })
        #expect(life.log.filter { $0 == "launch: stage docker failed" }.count > 1)
        #expect(life.log.suffix(2) == ["launch: ready", "web: up"])
        #expect(life.events == Self.registered)
    }

    @Test func aScriptBringsTheRunnerOnline() throws {
        let script =
            "#!/bin/sh\nset -eu\ncat > /etc/launch/runner.env <<'END'\n"
            + Self.settings.replacingOccurrences(of: "TOKEN=TOKEN", with: "TOKEN=good")
            + "END\nexec /usr/local/sbin/launch-bootstrap\n"
        let life = try live {
            $0.guests.powerOn(Self.machine, seed: Array(script.utf8), hostName: "web")
        }
        #expect(life.events == Self.registered)
    }

    @Test(arguments: [
        "#cloud-config\nwrite_files: [", "{\"write_files\": []}", "#cloud-config\n{}", "",
    ])
    func otherSeedsRegisterNothing(_ seed: String) throws {
        let life = try live {
            $0.guests.powerOn(Self.machine, seed: Array(seed.utf8), hostName: "web")
        }
        #expect(life.events.isEmpty)
        #expect(life.log.contains("the seed registers no runner"))
    }

    @Test func anExpiredTokenFailsAndIsNotTriedAgain() throws {
        let seed = try Self.cloudConfig(token: "stale")
        let life = try live(
            { $0.guests.powerOn(Self.machine, seed: seed, hostName: "web") },
            {
                $0.guests.powerOff(Self.machine)
                $0.guests.powerOn(Self.machine, seed: seed, hostName: "web")
            })
        #expect(life.events.isEmpty)
        #expect(
            life.log.filter { $0.contains("registration failed") }
                == ["runner launch-demo-web: registration failed"])
    }

    @Test func aStoppedMachineIsOfflineAndComesBackWithoutItsToken() throws {
        let seed = try Self.cloudConfig(token: "good")
        let life = try live(
            { $0.guests.powerOn(Self.machine, seed: seed, hostName: "web") },
            { $0.guests.powerOff(Self.machine) },
            { $0.guests.powerOn(Self.machine, seed: nil, hostName: "web") })
        #expect(
            life.events == Self.registered + [
                "launch-demo-web of example/services offline",
                "launch-demo-web of example/services online",
            ])
    }

    @Test func aMachineStoppedWhileBootingNeverComesUp() throws {
        let seed = try Self.cloudConfig(token: "good")
        let life = try live {
            $0.guests.powerOn(Self.machine, seed: seed, hostName: "web")
            $0.guests.powerOff(Self.machine)
        }
        #expect(life.events.isEmpty)
    }

    @Test func theReplacedMachineDoesNotTakeItsSuccessorOffline() throws {
        let seed = try Self.cloudConfig(token: "good")
        let life = try live(
            { $0.guests.powerOn(Self.machine, seed: seed, hostName: "web") },
            { $0.guests.powerOn(MachineID("aws/i-2"), seed: seed, hostName: "web2") },
            { $0.guests.powerOff(Self.machine) })
        #expect(life.events == Self.registered + Self.registered)
    }
}
