import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct RecoveryTests {
    /// Runs `work` in processes that are killed at their first, second… change, each followed
    /// after `pause` by a process that runs it to its end, until one lives to the end; every run
    /// in a world anew.
    private func killedEverywhere(
        pause: Duration,
        _ prepare: @escaping @Sendable (Cluster) async throws -> Void = { _ in },
        _ work: @escaping @Sendable (ProxmoxProvider) async throws -> Void,
        check: @escaping @Sendable (Cluster, Int) async throws -> Void
    ) async throws {
        for last in 0..<100 {
            let survived = try await withVirtualTime { clock in
                let cluster = try Cluster(clock, isChecked: false)
                try await prepare(cluster)
                let client = MortalClient(cluster.client, last: last)
                do {
                    try await work(cluster.provider(client))
                } catch is CancellationError {}
                guard client.isDead else { return true }
                try await clock.sleep(for: pause)
                try await work(cluster.provider())
                try await check(cluster, last)
                return false
            }
            if survived { return }
        }
        Issue.record("it never ends")
    }

    /// At once, while its task still runs, and when that has ended.
    private static let pauses = [Duration.zero, .seconds(10)]

    @Test(arguments: GuestKind.allCases, pauses)
    func aCreationKilledAnywhereIsFinishedByTheNext(guest: GuestKind, pause: Duration) async throws
    {
        let machine = Cluster.machine(Cluster.service(guest))
        try await killedEverywhere(pause: pause) { provider in
            _ = try await provider.create(machine, key: Cluster.key)
        } check: { cluster, last in
            let observed = try await cluster.provider().observe(Cluster.scope)
            #expect(observed.count == 1, "killed at \(last)")
            #expect(machine.differences(from: observed.first) == [], "killed at \(last)")
            #expect(try cluster.provider().awaitsBoot(observed[0]), "killed at \(last)")
            try await cluster.provider().delete(observed[0])
            #expect(cluster.guestInventory == [:], "killed at \(last)")
        }
    }

    @Test(arguments: GuestKind.allCases, pauses)
    func aChangeKilledAnywhereIsFinishedByTheNext(guest: GuestKind, pause: Duration) async throws {
        let machine = Cluster.machine(Cluster.service(guest))
        let wished = machine.with(["cpu": 3, "memory": 3072, "disk": 25, "name": "new"])
        try await killedEverywhere(pause: pause) { cluster in
            _ = try await cluster.provider().create(machine, key: Cluster.key)
        } _: { provider in
            guard let observed = try await provider.observe(Cluster.scope).first,
                !wished.differences(from: observed).isEmpty
            else { return }
            _ = try await provider.update(observed, to: wished)
        } check: { cluster, last in
            let observed = try await cluster.provider().observe(Cluster.scope)
            #expect(wished.differences(from: observed.first) == [], "killed at \(last)")
        }
    }

    @Test(arguments: GuestKind.allCases, pauses)
    func aDeletionKilledAnywhereIsFinishedByTheNext(guest: GuestKind, pause: Duration) async throws
    {
        try await killedEverywhere(pause: pause) { cluster in
            _ = try await cluster.provider()
                .create(Cluster.machine(Cluster.service(guest)), key: Cluster.key)
        } _: { provider in
            for observed in try await provider.observe(Cluster.scope) {
                try await provider.delete(observed)
            }
        } check: { cluster, last in
            #expect(cluster.guestInventory == [:], "killed at \(last)")
        }
    }

    @Test(arguments: GuestKind.allCases, pauses)
    func aSeedsRemovalKilledAnywhereIsFinishedByTheNext(guest: GuestKind, pause: Duration)
        async throws
    {
        try await killedEverywhere(pause: pause) { cluster in
            _ = try await cluster.provider()
                .create(Cluster.machine(Cluster.service(guest)), key: Cluster.key)
            try await cluster.clock.sleep(for: .seconds(60))
        } _: { provider in
            for observed in try await provider.observe(Cluster.scope) {
                _ = try await provider.finishBoot(of: observed)
            }
        } check: { cluster, last in
            let observed = try await cluster.provider().observe(Cluster.scope)
            #expect(try observed.allSatisfy { try !cluster.provider().awaitsBoot($0) })
            #expect(cluster.guestInventory["proxmox iso"] == nil, "killed at \(last)")
        }
    }

    @Test(arguments: GuestKind.allCases)
    func aTaskThatFailsIsToldAndTheNextRunSucceeds(guest: GuestKind) async throws {
        let machine = Cluster.machine(Cluster.service(guest))
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.setFaults(
                .matching(.vendor(.taskFails)) {
                    $0.method == "POST" && ($0.path.hasSuffix("/qemu") || $0.path.hasSuffix("/lxc"))
                })
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider().create(machine, key: Cluster.key)
            }
            #expect(error?.reason == .failed)
            #expect(error?.address == machine.address)
            #expect(cluster.guestInventory == [:])
            cluster.world.setFaults(.none)
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            #expect(machine.differences(from: made) == [])
        }
    }
}
