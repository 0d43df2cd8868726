import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct PreflightTests {
    private static func preflight(_ cluster: Cluster, _ desired: [Resource]) async throws {
        try await cluster.provider().preflight(creating: desired)
    }

    @Test(arguments: GuestKind.allCases)
    func aClusterThatHasEverythingPasses(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            try await Self.preflight(cluster, [Cluster.machine(Cluster.service(guest))])
            #expect(cluster.faults == [])
            #expect(cluster.progress.lines.count == 1)
            #expect(cluster.progress.lines[0].contains("the cluster's firewall is off"))
        }
    }

    @Test func missingPrivilegesComeWithTheCommandsThatGrantThem() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.revoked = ["SDN.Use", "Sys.Audit"] }
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, [Cluster.machine(Cluster.service(.lxc))])
            }
            #expect(error?.reason == .forbidden(permission: nil))
            #expect(
                error?.detail
                    == "launch@pve!ci lacks SDN.Use on /sdn/zones/localnetwork/vmbr0")
            #expect(
                error?.remedy == """
                    Run on a node: pveum role add Launch-sdn-zones-localnetwork-vmbr0 \
                    --privs "SDN.Use" && pveum acl modify /sdn/zones/localnetwork/vmbr0 \
                    --users launch@pve --tokens 'launch@pve!ci' \
                    --roles Launch-sdn-zones-localnetwork-vmbr0
                    """)
        }
    }

    @Test(arguments: [("8.4", "VM.Monitor"), ("9.1", "VM.GuestAgent.Audit")])
    func theRightToAskTheAgentIsNamedAsTheVersionNamesIt(
        version: String, privilege: String
    ) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock, version: version)
            cluster.world.locked { $0.proxmox?.revoked = [privilege] }
            let machine = Cluster.machine(Cluster.service(.vm))
            try await Self.preflight(cluster, [machine])
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, [machine.with(["exposed": true])])
            }
            #expect(error?.detail == "launch@pve!ci lacks \(privilege) on /vms")
        }
    }

    @Test func guestsForWhichThereIsNoRoomAreNotBegun() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machines = (1...3).map { number in
                Cluster.machine(Cluster.service(.vm, "s\(number)")).with(["disk": 600])
            }
            try await Self.preflight(cluster, Array(machines.prefix(2)))
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, machines)
            }
            #expect(
                error?.detail.contains("pve1 has 195 GiB free on local-lvm, not 605 GiB") == true)
            #expect(cluster.guestInventory == [:])
        }
    }

    @Test func theVersionIsNamed() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock, version: "9.0")
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, [Cluster.machine(Cluster.service(.lxc))])
            }
            #expect(error?.detail == "version 9.0; containers need 9.1 or later")
        }
    }
}
