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
            #expect(
                error?.detail
                    == "version 9.0; containers need 9.1 or later, which gives them `entrypoint` "
                    + "and `env` and has lxc-pve 6.0.5-2, for Docker inside")
            #expect(error?.remedy == "Update Proxmox VE, or set `guest: vm`.")
        }
    }

    // MARK: - What guests are made from

    @Test func anImageThatTheNodeCannotFetchIsNoticed() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.hasInternet = false }
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, [Cluster.machine(Cluster.service(.vm))])
            }
            #expect(
                error?.detail.contains("node pve1 cannot download https://cloud-images") == true)
            #expect(error?.remedy.contains("LAUNCH_IMAGE_MIRROR") == true)
        }
    }

    @Test func anImageThatIsThereIsNotFetched() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(.vm)).with(["placement": "pve1"])
            _ = try await cluster.provider().create(machine, key: Cluster.key)
            cluster.world.locked { $0.proxmox?.hasInternet = false }
            // Such as a replacement with the same image: it needs none anew.
            try await Self.preflight(cluster, [machine])
        }
    }

    @Test func aTemplateThatIsNotOfferedIsNoticed() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.templates = [] }
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, [Cluster.machine(Cluster.service(.lxc))])
            }
            #expect(
                error?.detail.hasSuffix("Proxmox offers no template ubuntu-24.04-standard_…")
                    == true)
            #expect(error?.remedy == "Run `pveam update` on pve1, then try again.")
        }
    }

    @Test func anImageStorageThatIsFullIsNoticed() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.storages[0].total = 500 << 20 }
            let error = await #expect(throws: ProviderError.self) {
                try await Self.preflight(cluster, [Cluster.machine(Cluster.service(.vm))])
            }
            #expect(error?.detail == "local on pve1 has 500 MiB free, not 600 MiB")
        }
    }

    // MARK: - Changes in place, and removals

    /// What the preflight of an update of a guest that is there says.
    private static func refusal(
        of change: [String: Value], _ guest: GuestKind = .vm, without privileges: Set<String> = []
    ) async throws -> ProviderError? {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(guest))
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            cluster.world.locked { $0.proxmox?.revoked = privileges }
            defer { #expect(cluster.faults == []) }
            do {
                try await cluster.provider().preflight(
                    changing: [PlannedUpdate(made, to: machine.with(change))], deleting: [])
                return nil
            } catch let error as ProviderError {
                return error
            }
        }
    }

    @Test(
        arguments: [
            (["cpu": 4], GuestKind.vm, "VM.Config.CPU", "/vms/100"),
            (["memory": 8192], .lxc, "VM.Config.Memory", "/vms/100"),
            (["swap": 0], .lxc, "VM.Config.Memory", "/vms/100"),
            (["cpu": 4], .vm, "VM.PowerMgmt", "/vms/100"),
            (["disk": 40], .vm, "VM.Config.Disk", "/vms/100"),
            (["disk": 40], .lxc, "VM.Config.Options", "/vms/100"),
            (["data_disk": 40], .vm, "Datastore.AllocateSpace", "/storage/local-lvm"),
            (["protect": true], .vm, "VM.Config.Options", "/vms/100"),
            (["firewall": false], .lxc, "VM.Config.Network", "/vms/100"),
            (["firewall": false], .vm, "SDN.Use", "/sdn/zones/localnetwork/vmbr0"),
            (["name": "other"], .lxc, "VM.Config.Network", "/vms/100"),
            (["nesting": false], .lxc, "VM.Allocate", "/vms/100"),
            (["running": false], .vm, "VM.PowerMgmt", "/vms/100"),
        ] as [([String: Value], GuestKind, String, String)])
    func aChangeNeedsThePrivilegeOfItsOptions(
        change: [String: Value], guest: GuestKind, privilege: String, path: String
    ) async throws {
        #expect(try await Self.refusal(of: change, guest) == nil)
        let error = try await Self.refusal(of: change, guest, without: [privilege])
        #expect(error?.reason == .forbidden(permission: nil))
        #expect(error?.detail == "launch@pve!ci lacks \(privilege) on \(path)")
        #expect(error?.remedy.contains("pveum acl modify \(path) ") == true)
        // Nothing else is asked for.
        let others: Set = ["VM.Config.CDROM", "VM.Config.HWType", "Datastore.AllocateTemplate"]
        #expect(try await Self.refusal(of: change, guest, without: others) == nil)
    }

    @Test func aContainersProcessorsNeedNoRestart() async throws {
        #expect(try await Self.refusal(of: ["cpu": 4], .lxc, without: ["VM.PowerMgmt"]) == nil)
    }

    @Test(arguments: GuestKind.allCases)
    func disksGrowOnlyWhereThereIsRoomForAll(guest: GuestKind) async throws {
        #expect(try await Self.refusal(of: ["disk": 500, "data_disk": 200], guest) == nil)
        let error = try await Self.refusal(of: ["disk": 700, "data_disk": 200], guest)
        #expect(error?.reason == .invalid)
        #expect(
            error?.detail.contains("local-lvm on pve1 has 793600 MiB free, not 896000 MiB") == true,
            "\(error?.detail ?? "")")
    }

    @Test func aBridgeThatIsNotThereIsNoticed() async throws {
        let error = try await Self.refusal(of: ["bridge": "vmbr9"])
        #expect(error?.detail.contains("node pve1 has no bridge \"vmbr9\"") == true)
    }

    @Test(arguments: ["VM.Allocate", "VM.PowerMgmt"])
    func aRemovalNeedsItsPrivileges(privilege: String) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(.vm))
            let made = try await cluster.provider().create(machine, key: Cluster.key)
            try await cluster.provider().preflight(changing: [], deleting: [made])
            cluster.world.locked { $0.proxmox?.revoked = [privilege] }
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider().preflight(changing: [], deleting: [made])
            }
            #expect(error?.detail == "launch@pve!ci lacks \(privilege) on /vms/100")
        }
    }
}
