import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct ProxmoxContractTests {
    /// Protection is taken off, since a protected guest is not deleted.
    private static let guestChanges: [String: Value] = [
        "name": "renamed", "cpu": 3, "memory": 3072, "disk": 25, "data_disk": 8,
        "bridge": "vmbr1", "firewall": false,
        "tags": ["launch", "launch-other", "launch-shop", "launch-web"],
        "owner": ["project": "shop", "environment": "staging"], "protect": false,
        "onboot": false, "running": false, "exposed": true,
    ]

    private static let specialChanges: [GuestKind: [String: Value]] = [
        .vm: ["agent": false], .lxc: ["swap": 1024, "nesting": false, "ip": "manual"],
    ]

    @Test(arguments: specialChanges)
    func aGuestHonoursTheContract(guest: GuestKind, changes: [String: Value]) async throws {
        let machine = Cluster.machine(Cluster.service(guest)).with(["protect": true])
        let edited = machine.with(Self.guestChanges).with(changes)
        try await check(machine, edited)
    }

    @Test(arguments: GuestKind.allCases)
    func aFirewallHonoursTheContract(guest: GuestKind) async throws {
        let service = Cluster.service(guest)
        let firewall = Cluster.resources(service)[1]
        let edited = firewall.with([
            "enabled": false, "policy_in": "REJECT", "policy_out": "DROP", "dhcp": false,
            "rules": [
                [
                    "type": "in", "action": "ACCEPT", "proto": "udp", "dport": "53",
                    "source": "10.0.0.0/8",
                ],
                ["type": "out", "action": "DROP", "proto": "tcp", "dport": "25"],
            ],
        ])
        try await check(firewall, edited, prerequisites: [Cluster.machine(service)])
    }

    private func check(
        _ example: Resource, _ edited: Resource, prerequisites: [Resource] = []
    ) async throws {
        let (left, faults) = try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let bystander = try await makeBystander(in: cluster)
            let contract = ProviderContract(
                try cluster.provider(), example: example, edited: edited,
                prerequisites: prerequisites, project: "shop",
                isPartOfAnother: !prerequisites.isEmpty, in: cluster.world,
                bystanders: { core in
                    let options = core.proxmox?.configuration(of: bystander) ?? [:]
                    return options.map { "\($0)=\($1)" }.sorted()
                })
            try await contract.check()
            return (contract.fieldsLeftAlone, cluster.faults)
        }
        #expect(left == [])
        #expect(faults == [])
    }

    /// Another project's service of the same name.
    private func makeBystander(in cluster: Cluster) async throws -> Int {
        let machine = ProxmoxBlueprint()
            .resources(for: Cluster.service(.vm), in: ProjectSpec(project: "other"))[0]
            .with(["seed": .secret(Secret("AAAA-TOKEN"))])
        let made = try await cluster.provider().create(machine, key: IdempotencyKey("other-1"))
        return try #require(Int(made.id))
    }
}
