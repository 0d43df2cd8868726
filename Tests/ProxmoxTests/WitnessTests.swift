import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

/// Who changed what, by the nodes' lists of tasks.
@Suite struct WitnessTests {
    private static let left = Date(timeIntervalSince1970: 1_790_000_000)
    private static let machine = Address(service: "web", kind: GuestType.qemu.kind)

    private static func object(_ fields: Set<String>) -> ChangedObject {
        ChangedObject(machine, id: "100", fields: fields, since: left)
    }

    private static func task(
        _ type: String, of guest: Int = 100, by user: String = "bob@pve", at seconds: Int,
        _ more: [String: Value] = ["status": "OK"]
    ) -> Value {
        let row: [String: Value] = [
            "type": .string(type), "id": .string(String(guest)), "user": .string(user),
            "starttime": .integer(1_790_000_000 + seconds), "node": "pve1",
        ]
        return .object(row.merging(more) { $1 })
    }

    /// What the list says of each kind of difference.
    private static func deeds(_ tasks: [Value]) async throws -> [[String: Attribution]] {
        let nodes: Value = [
            ["node": "pve1", "status": "online"], ["node": "pve2", "status": "offline"],
        ]
        return try await withVirtualTime { clock in
            var deeds: [[String: Attribution]] = []
            for fields in [[], ["running"], ["memory"], ["running", "memory"]] as [Set<String>] {
                let client = ScriptedHTTPClient(try answer(nodes), try answer(.list(tasks)))
                let cluster = try Cluster(clock)
                let found = try await cluster.provider(client).lastChanges(
                    of: [object(fields)], at: clock.now())
                let base = "\(cluster.world.environment["PROXMOX_VE_ENDPOINT"] ?? "")/api2/json"
                #expect(
                    client.requests.map { "\($0.method.rawValue) \($0.url)" } == [
                        "GET \(base)/nodes",
                        "GET \(base)/nodes/pve1/tasks?source=all&since=1790000000&limit=1000",
                    ])
                deeds.append(
                    Dictionary(uniqueKeysWithValues: found.map { ($0.key.description, $0.value) }))
            }
            return deeds
        }
    }

    /// A restart explains no setting, and a backup nothing.
    @Test func aTaskExplainsWhatItsKindChanges() async throws {
        let deeds = try await Self.deeds([
            Self.task("vzdump", by: "root@pam", at: 90),
            Self.task("qmstop", by: "carol@pve", at: 80, [:]),
            Self.task(
                "qmconfig", by: "bob@pve", at: 70, ["status": "WARNINGS: 1", "tokenid": "x"]),
            Self.task("qmdestroy", by: "dave@pve", at: 60),
            Self.task("qmconfig", by: "early@pve", at: -1),
        ])
        func attribution(_ user: String, _ seconds: Double) -> [String: Attribution] {
            [
                Self.machine.description: Attribution(
                    by: user, at: Self.left.addingTimeInterval(seconds))
            ]
        }
        #expect(
            deeds == [
                attribution("dave@pve", 60), attribution("carol@pve", 80),
                attribution("bob@pve!x", 70), attribution("carol@pve", 80),
            ])
    }

    @Test func otherGuestsFailedTasksAndLaunchsOwnExplainNothing() async throws {
        let deeds = try await Self.deeds([
            Self.task("qmstop", of: 101, at: 10),
            Self.task("qmstop", at: 10, ["status": "got timeout"]),
            Self.task("qmdestroy", by: "launch@pve", at: 10, ["status": "OK", "tokenid": "ci"]),
            ["type": "qmconfig"],
        ])
        #expect(deeds == [[:], [:], [:], [:]])
    }

    /// Without `Sys.Audit` a token sees its own tasks only.
    @Test(arguments: [false, true])
    func somebodysTaskIsSeenByAnAuditor(isAuditor: Bool) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let made = try await cluster.provider().create(
                Cluster.machine(Cluster.service(.vm)), key: Cluster.key)
            if !isAuditor { cluster.world.locked { $0.proxmox?.revoked = ["Sys.Audit"] } }
            try await clock.sleep(for: .seconds(60))
            cluster.world.locked { $0.proxmox?.destroy(Int(made.id) ?? 0) }
            let second = clock.now().timeIntervalSince1970.rounded(.down)
            let deed = Attribution(by: "root@pam", at: Date(timeIntervalSince1970: second))
            let object = ChangedObject(made.address, id: made.id, since: nil)
            let found = try await cluster.provider().lastChanges(of: [object], at: clock.now())
            #expect(found == (isAuditor ? [made.address: deed] : [:]))
            #expect(cluster.faults == [])
        }
    }

    @Test func nothingIsAskedOfFirewallsAlone() async throws {
        try await withVirtualTime { clock in
            let client = ScriptedHTTPClient([])
            let firewall = Address(service: "web", kind: ResourceKind.proxmoxFirewall.name)
            let found = try await Cluster(clock).provider(client).lastChanges(
                of: [ChangedObject(firewall, id: "100", fields: ["rules"], since: nil)],
                at: clock.now())
            #expect(found == [:] && client.requests.count == 0)
        }
    }
}
