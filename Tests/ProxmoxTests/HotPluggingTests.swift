import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

/// Changes of processors and memory, at once or by a restart.
@Suite struct HotPluggingTests {
    private static let hotPlugged = [
        "hotplug": "network,disk,usb,cpu,memory", "numa": "1", "cores": "8", "vcpus": "2",
    ]

    /// What the change does, and the options and tasks it led to.
    private struct Outcome: Equatable {
        var isLive: Bool
        var options: [String: String]
        var tasks: [String]
    }

    private static func outcome(
        of change: [String: Value], _ guest: GuestKind, _ options: [String: String]
    ) async throws -> Outcome {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(guest))
            _ = try await cluster.provider().create(machine, key: Cluster.key)
            cluster.world.locked { core in
                for (option, value) in options { core.proxmox?.change(option, to: value, of: 100) }
            }
            let before = cluster.world.locked { $0.proxmox?.taskTypes.count ?? 0 }
            let made = try #require(try await cluster.provider().observe(Cluster.scope).first)
            let wanted = machine.with(change)
            let kind = try #require(ProxmoxProvider.kinds.first { $0.name == machine.address.kind })
            let isLive = change.allSatisfy { kind[$0]?.isLive($1, made) == true }

            let changed = try await cluster.provider().update(made, to: wanted)
            #expect(change.keys.allSatisfy { changed[$0] == wanted[$0] })
            #expect(cluster.faults == [])
            return cluster.world.locked { core in
                let all = core.proxmox?.configuration(of: 100) ?? [:]
                return Outcome(
                    isLive: isLive,
                    options: all.filter { ["cores", "vcpus", "memory"].contains($0.key) },
                    tasks: Array((core.proxmox?.taskTypes ?? []).dropFirst(before)))
            }
        }
    }

    @Test func processorsAreAddedAndTakenAwayBelowTheLimit() async throws {
        let more = try await Self.outcome(of: ["cpu": 6], .vm, Self.hotPlugged)
        #expect(
            more
                == Outcome(
                    isLive: true, options: ["cores": "8", "vcpus": "6", "memory": "2048"],
                    tasks: ["qmconfig"]))
        let fewer = try await Self.outcome(of: ["cpu": 1], .vm, Self.hotPlugged)
        #expect(fewer.options["vcpus"] == "1")
        #expect(fewer.isLive && fewer.tasks == ["qmconfig"])
    }

    @Test func moreProcessorsThanTheLimitNeedARestart() async throws {
        let outcome = try await Self.outcome(of: ["cpu": 12], .vm, Self.hotPlugged)
        #expect(
            outcome
                == Outcome(
                    isLive: false, options: ["cores": "12", "memory": "2048"],
                    tasks: ["qmconfig", "qmreboot"]))
    }

    @Test(arguments: [(8192, true), (1024, false), (8000, false)])
    func memoryGrowsByModules(mebibytes: Int, isLive: Bool) async throws {
        let outcome = try await Self.outcome(
            of: ["memory": .integer(mebibytes)], .vm, Self.hotPlugged)
        #expect(outcome.isLive == isLive)
        #expect(outcome.options["memory"] == String(mebibytes))
        // Proxmox may take live what the plan expected a restart for; never the other way round.
        #expect(!isLive || outcome.tasks == ["qmconfig"])
    }

    @Test(arguments: [["cpu": 4], ["memory": 8192]] as [[String: Value]])
    func withoutHotPluggingAVMRestartsAndAContainerRunsOn(change: [String: Value]) async throws {
        let machine = try await Self.outcome(of: change, .vm, [:])
        #expect(!machine.isLive)
        #expect(machine.tasks == ["qmconfig", "qmreboot"])
        let container = try await Self.outcome(of: change, .lxc, [:])
        #expect(container.isLive)
        #expect(container.tasks == [])
    }
}
