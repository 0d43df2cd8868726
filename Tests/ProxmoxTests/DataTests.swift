import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

/// A data disk outlives its guest.
@Suite struct DataTests {
    @Test(arguments: GuestKind.allCases)
    func aReplacementTakesTheDataOver(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(guest))
            let disk = guest == .vm ? "scsi1" : "mp0"
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            // Somebody lets it grow: a new disk would be smaller.
            let larger = machine.with(["data_disk": 9])
            let grown = try await cluster.provider().update(made, to: larger)
            _ = try await cluster.provider().finishBoot(of: grown)

            try await cluster.provider().vacate(grown)
            let vacated = try await cluster.provider().observe(Cluster.scope)
            #expect(vacated.map(\.id) == [made.id])
            #expect(vacated.first?["running"] == false)
            #expect(try vacated.allSatisfy { try cluster.provider().awaitsBoot($0) })

            let replaced = try await cluster.provider()
                .create(larger.with(["image": "debian-12"]), key: IdempotencyKey("shop-2"))
            #expect(replaced.id != made.id)
            #expect(larger.differences(from: replaced) == [])
            #expect(try cluster.option(disk, of: replaced).contains("size=9G"))
            #expect(try await cluster.provider().observe(Cluster.scope).map(\.id) == [replaced.id])
            #expect(cluster.guestInventory["proxmox volume"] == nil)
            #expect(cluster.progress.lines.contains { $0.hasSuffix("its data is there") })
            #expect(cluster.faults == [])
        }
    }

    @Test func withoutDataAGuestGoesAtOnce() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            var machine = Cluster.machine(Cluster.service(.vm))
            machine.attributes["data_disk"] = nil
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            try await cluster.provider().vacate(made)
            #expect(cluster.guestInventory == [:])
        }
    }
}
