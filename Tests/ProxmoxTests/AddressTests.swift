import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct AddressTests {
    @Test(arguments: GuestKind.allCases)
    func anExposedGuestIsMadeWhenItTellsItsAddress(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(guest)).with(["exposed": true])
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            #expect(made["ipv4"]?.string?.hasPrefix("10.20.") == true)
            #expect(machine.differences(from: made) == [])
            let observed = try await cluster.provider().observe(Cluster.scope)
            #expect(observed.first?["ipv4"] == made["ipv4"])
            #expect(cluster.faults == [])
            #expect(cluster.progress.lines.contains { $0.contains("waiting for") })
        }
    }

    @Test(arguments: GuestKind.allCases)
    func theAddressOfOthersIsNotAskedFor(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(guest))
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            #expect(made["ipv4"] == nil)
            let opened = try await cluster.provider()
                .update(made, to: machine.with(["exposed": true]))
            #expect(opened["ipv4"] != nil)
        }
    }

    @Test func anAddressThatTheTokenMayNotSeeIsAFailure() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.revoked = ["VM.GuestAgent.Audit"] }
            let machine = Cluster.machine(Cluster.service(.vm)).with(["exposed": true])
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider().create(machine, key: Cluster.key)
            }
            #expect(error?.reason == .forbidden(permission: "VM.GuestAgent.Audit on /vms/100"))
        }
    }
}
