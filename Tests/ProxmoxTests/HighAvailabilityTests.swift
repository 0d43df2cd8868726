import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

/// Guests that an operator put under Proxmox's high availability.
@Suite struct HighAvailabilityTests {
    /// A guest that has booted, and is under high availability from then on.
    private static func managed(_ guest: GuestKind, _ cluster: Cluster) async throws -> (
        wanted: Resource, made: ObservedResource
    ) {
        let machine = Cluster.machine(Cluster.service(guest))
        let made = try await cluster.provider().create(machine, key: Cluster.key)
        let booted = try await cluster.provider().finishBoot(of: made)
        cluster.world.locked { $0.proxmox?.makeHighlyAvailable(100) }
        return (machine, booted)
    }

    @Test(arguments: GuestKind.allCases)
    func aGuestIsFollowedToTheNodeWhereItCameUpAgain(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let (machine, made) = try await Self.managed(guest, cluster)
            #expect(made["node"] == "pve1")
            cluster.world.locked { $0.proxmox?.fail("pve1") }

            // Until the cluster is sure that the node is gone, nothing can be said of its guests.
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider().observe(Cluster.scope)
            }
            #expect(error?.reason == .unavailable)
            #expect(error?.detail == "No route to host")
            #expect(error?.remedy.contains("high availability") == true)

            try await clock.sleep(for: .seconds(120))
            let moved = try #require(try await cluster.provider().observe(Cluster.scope).first)
            #expect(moved.id == made.id)
            #expect(moved["node"] == "pve2")
            #expect(machine.differences(from: moved) == [])

            let larger = machine.with(["memory": 8192, "disk": 40])
            let changed = try await cluster.provider().update(moved, to: larger)
            #expect(larger.differences(from: changed) == [])
            // What was seen before the node failed still leads to the guest.
            try await cluster.provider().delete(made)
            #expect(cluster.guestInventory == [:])
            #expect(cluster.faults == [])
        }
    }

    @Test(arguments: GuestKind.allCases)
    func aGuestIsStoppedAndStartedByItsManager(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let (machine, made) = try await Self.managed(guest, cluster)
            let off = machine.with(["running": false])
            let stopped = try await cluster.provider().update(made, to: off)
            #expect(off.differences(from: stopped) == [])
            let started = try await cluster.provider().update(stopped, to: machine)
            #expect(machine.differences(from: started) == [])
            let tasks = cluster.world.locked { $0.proxmox?.taskTypes ?? [] }
            #expect(tasks.suffix(2) == ["hastop", "hastart"])
            #expect(cluster.faults == [])
        }
    }

    @Test func aGuestWithDataIsReplacedAlthoughItsManagerWouldStartIt() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let (machine, made) = try await Self.managed(.vm, cluster)
            try await cluster.provider().vacate(made)
            let next = machine.with(["image": "debian-12"])
            let replaced = try await cluster.provider()
                .create(next, key: IdempotencyKey("shop-2"))
            #expect(replaced.id != made.id)
            #expect(next.differences(from: replaced) == [])
            #expect(cluster.guestInventory["proxmox vm"] == 1)
        }
    }
}
