import TestSupport
import Resources
import Services
import Simulation
import Testing

@testable import Proxmox

@Suite struct ExaminationTests {
    /// Each kind of guest brings its own privileges and contents.
    @Test(arguments: [
        (GuestKind.vm, Optional("VM.Config.HWType"), "local on pve1 takes import, iso"),
        (.lxc, nil, "local on pve1 takes vztmpl"),
    ])
    func onlyWhatTheGuestsNeedIsAskedFor(
        guest: GuestKind, lacking: String?, storage: String
    ) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.revoked = ["VM.Config.HWType"] }
            let machine = Cluster.machine(Cluster.service(guest))
            let findings = try await cluster.provider().examine(for: [machine])
            #expect(
                findings.filter { $0.grade == .bad }.map(\.detail)
                    == [lacking].compactMap(\.self).map { "launch@pve!ci lacks \($0) on /vms" })
            #expect(findings.contains(.good("Proxmox storage", storage)))
            #expect(cluster.faults == [])
        }
    }

    @Test(arguments: [
        (
            "bridge", "vmbr9", "Proxmox network",
            "node pve1 has no bridge \"vmbr9\" that the token may use",
            "Set `targets.proxmox.bridge` to one of: vmbr0."
        ),
        (
            "storage", "tank", "Proxmox storage",
            "node pve1 has no \"tank\" that the token may use",
            "Correct `storage` or `image_storage` in launch.yaml, or grant Datastore.Audit on "
                + "/storage/tank."
        ),
        (
            "placement", "pve9", "Proxmox storage",
            "could not find a place for the guests: there is no node \"pve9\" online",
            "Set `targets.proxmox.node` to auto or one of: pve1, pve2."
        ),
    ])
    func aPlaceThatIsNotThereIsFound(
        attribute: String, value: String, subject: String, detail: String, remedy: String
    ) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(.vm))
                .with([attribute: .string(value)])
            let findings = try await cluster.provider().examine(for: [machine])
            #expect(
                findings.filter { $0.grade == .bad } == [
                    .bad(subject, detail, remedy: remedy)
                ])
        }
    }

    @Test func aFirewallThatTheTokenMayNotSeeIsAWarning() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            cluster.world.locked { $0.proxmox?.revoked = ["Sys.Audit"] }
            let machine = Cluster.machine(Cluster.service(.vm))
            let findings = try await cluster.provider().examine(for: [machine])
            #expect(
                findings.filter { $0.grade != .good } == [
                    .warning(
                        "Proxmox firewall",
                        "the token may not see whether the cluster's firewall is on",
                        remedy: "Grant Sys.Audit on / to the token and to its user.")
                ])
        }
    }
}
