import Foundation
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct TaskTests {
    private static let upid =
        "UPID:pve1:0000C5F8:00A1B2C3:68F0A1B2:qmcreate:100:launch@pve!ci:"
    private let address = Address(service: "web", kind: KindName(.proxmox, "vm"))

    @Test func anIdentifierIsTakenApart() {
        let task = UPID(Self.upid)
        #expect(task?.node == "pve1")
        #expect(task?.type == "qmcreate")
        #expect(task?.id == "100")
        #expect(task?.user == "launch@pve!ci")
    }

    @Test(arguments: ["", "UPID:pve1", "UPID:pve1:x:00A1B2C3:68F0A1B2:qmcreate:100:a@b:", "OK"])
    func whatIsNoIdentifierIsRefused(text: String) { #expect(UPID(text) == nil) }

    private func log(_ lines: [String], from first: Int = 1) -> Value {
        .list(
            lines.enumerated().map { ["n": .integer(first + $0), "t": .string($1)] })
    }

    @Test func aTaskIsFollowedToItsEndWithItsLog() async throws {
        try await withVirtualTime { clock in
            let client = ScriptedHTTPClient(
                try answer(["status": "running"]), try answer(log(["copying", "10 %"])),
                try answer(["status": "running"]), try answer(log([])),
                try answer(["status": "stopped", "exitstatus": "WARNINGS: 1"]),
                try answer(log(["100 %", "TASK WARNINGS: 1"], from: 3)))
            let progress = RecordedProgress()
            let start = clock.now()
            try await TaskFollower(api: .example(client, clock), progress: progress)
                .follow(.string(Self.upid), for: address, deadline: .seconds(60))
            #expect(progress.lines == ["web/proxmox.vm: 10 %", "web/proxmox.vm: 100 %"])
            #expect(clock.now().timeIntervalSince(start) == 3)
            #expect(
                client.requests.map { $0.url }.last?.hasSuffix("/log?start=2&limit=500") == true)
        }
    }

    @Test func aFailedTaskTellsTheEndOfItsLog() async throws {
        try await withVirtualTime { clock in
            let lines = (1...14).map { "line \($0)" } + ["TASK ERROR: disk broke"]
            let client = ScriptedHTTPClient(
                try answer(["status": "stopped", "exitstatus": "disk broke"]),
                try answer(log(lines)))
            let failure = await #expect(throws: ProxmoxFailure.self) {
                try await TaskFollower(
                    api: .example(client, clock), progress: SilentProgress()
                ).follow(.string(Self.upid), for: address, deadline: .seconds(60))
            }
            #expect(failure?.reason == .failed)
            let tail = (6...14).map { "line \($0)" }
            #expect(failure?.detail == (["disk broke"] + tail).joined(separator: "\n"))
        }
    }

    @Test func aTaskThatWaitedForALockInVainIsRepeated() async throws {
        try await withVirtualTime { clock in
            let lock = "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"
            let client = ScriptedHTTPClient(
                try answer(["status": "stopped", "exitstatus": .string(lock)]),
                try answer(log([])),
                try answer(["status": "stopped", "exitstatus": "OK"]), try answer(log([])))
            let progress = RecordedProgress()
            var starts = 0
            try await TaskFollower(api: .example(client, clock), progress: progress)
                .run(for: address, deadline: .seconds(60)) {
                    starts += 1
                    return .string(Self.upid)
                } isDone: {
                    false
                }
            #expect(starts == 2)
            #expect(progress.lines == ["web/proxmox.vm: trying again after: \(lock)"])
            #expect(clock.now().timeIntervalSince(VirtualClock().now()) >= 7)
        }
    }

    @Test func aTaskThatTakesTooLongIsLeftRunning() async throws {
        try await withVirtualTime { clock in
            let client = ScriptedHTTPClient(
                (0..<10).flatMap { _ -> [ScriptedHTTPClient.Answer] in
                    [{ _ in try answer(["status": "running"]) }, { _ in try answer([]) }]
                })
            let failure = await #expect(throws: ProxmoxFailure.self) {
                try await TaskFollower(
                    api: .example(client, clock), progress: SilentProgress()
                ).follow(.string(Self.upid), for: address, deadline: .seconds(5))
            }
            #expect(failure?.reason == .timedOut)
            #expect(client.requests.allSatisfy { $0.method == .get })
        }
    }

    @Test func aCallThatWasDoneAtOnceHasNoTask() async throws {
        let client = ScriptedHTTPClient()
        try await TaskFollower(
            api: .example(client, VirtualClock()), progress: SilentProgress()
        ).follow(.null, for: address, deadline: .seconds(5))
        #expect(client.requests.isEmpty)
    }
}
