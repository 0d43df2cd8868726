import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct GuestLifeTests {
    private static let scope = Scope(project: "shop")

    @Test(arguments: GuestKind.allCases)
    func aGuestLivesFromCreationToDeletion(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let service = Cluster.service(guest)
            let machine = Cluster.machine(service)
            let made = try await provider.create(machine, key: Cluster.key)
            #expect(machine.differences(from: made) == [])
            #expect(provider.awaitsBoot(made))
            let firewall = Cluster.firewall(service, of: made)
            let wall = try await provider.create(firewall, key: Cluster.key)
            #expect(firewall.differences(from: wall) == [])

            try await clock.sleep(for: .seconds(60))
            #expect(cluster.isUp(made))
            let booted = try await provider.finishBoot(of: made)
            #expect(!provider.awaitsBoot(booted))
            let observed = try await provider.observe(Self.scope)
            #expect(observed.map(\.address) == [firewall.address, machine.address])
            #expect(firewall.differences(from: observed.first) == [])
            #expect(machine.differences(from: observed.last) == [])
            #expect(observed.allSatisfy { !provider.awaitsBoot($0) })

            try await provider.delete(wall)
            #expect(try await provider.observe(Self.scope).map(\.address) == [machine.address])
            try await provider.delete(booted)
            try await provider.delete(booted)
            #expect(try await provider.observe(Self.scope).isEmpty)
            #expect(cluster.guestInventory == [:])
            #expect(cluster.faults == [])
        }
    }

    struct Change: Sendable {
        let guest: GuestKind
        let attributes: [String: Value]
    }

    private static let changes: [Change] = GuestKind.allCases.flatMap { guest in
        let common: [[String: Value]] = [
            ["name": "shop-web"], ["cpu": 3], ["memory": 3072], ["disk": 25], ["data_disk": 8],
            ["bridge": "vmbr1"], ["firewall": false],
            ["owner": ["project": "shop", "environment": "staging"]], ["protect": true],
            ["onboot": false], ["running": false],
            ["tags": ["launch", "launch-other", "launch-shop", "launch-web"]],
            ["cpu": 4, "memory": 8192, "disk": 40, "name": "big"],
        ]
        let special: [[String: Value]] =
            guest == .vm
            ? [["agent": false]]
            : [["swap": 1024], ["nesting": false], ["ip": "manual"]]
        return (common + special).map { Change(guest: guest, attributes: $0) }
    }

    @Test(arguments: changes)
    func everyChangeIsMadeInPlace(change: Change) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let machine = Cluster.machine(Cluster.service(change.guest))
            let made = try await provider.create(machine, key: Cluster.key)
            let wished = machine.with(change.attributes)
            #expect(Set(wished.differences(from: made)) == Set(change.attributes.keys))
            let updated = try await provider.update(made, to: wished)
            #expect(wished.differences(from: updated) == [])
            #expect(updated.id == made.id)
            let observed = try await provider.observe(Self.scope)
            #expect(wished.differences(from: observed.first) == [])
            #expect(cluster.faults == [])
        }
    }

    @Test(arguments: GuestKind.allCases, ["disk", "data_disk"])
    func aDiskIsNeverMadeSmaller(guest: GuestKind, field: String) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let machine = Cluster.machine(Cluster.service(guest))
            let made = try await provider.create(machine, key: Cluster.key)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.update(made, to: machine.with([field: 1, "cpu": 9]))
            }
            #expect(error?.reason == .invalid)
            let observed = try await provider.observe(Self.scope)
            #expect(machine.differences(from: observed.first) == [])
        }
    }

    @Test func aProtectedGuestIsNotDeleted() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let machine = Cluster.machine(Cluster.service(.vm)).with(["protect": true])
            let made = try await provider.create(machine, key: Cluster.key)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.delete(made)
            }
            #expect(error?.reason == .protected)
            #expect(try await provider.observe(Self.scope).first?["running"] == true)
        }
    }

    @Test(arguments: [(GuestKind.vm, "8.3"), (.lxc, "9.0")])
    func aVersionThatLacksTheMeansIsRefused(guest: GuestKind, version: String) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock, version: version)
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider()
                    .create(Cluster.machine(Cluster.service(guest)), key: Cluster.key)
            }
            #expect(error?.reason == .unsupported)
            #expect(error?.detail.contains(version) == true)
            #expect(cluster.world.requestCount == 1)
        }
    }

    @Test func manyGuestsAtOnceGetEachItsOwnIdentifier() async throws {
        try await withVirtualTime(seed: 3) { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let identifiers = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 1...8 {
                    let kind = GuestKind.allCases[number % 2]
                    let machine = Cluster.machine(Cluster.service(kind, "s\(number)"))
                    group.addTask {
                        try await provider.create(machine, key: IdempotencyKey("\(number)")).id
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(identifiers.count == 8)
            #expect(try await provider.observe(Self.scope).count == 8)
            let one = Scope(project: "shop", services: ["s3"])
            #expect(try await provider.observe(one).map(\.address.service) == ["s3"])
            #expect(try await provider.observe(Scope(project: "other")).isEmpty)
        }
    }

    @Test(arguments: GuestKind.allCases)
    func aRepeatedCreationAdoptsTheFirst(guest: GuestKind) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let machine = Cluster.machine(Cluster.service(guest))
            let first = try await cluster.provider().create(machine, key: Cluster.key)
            let second = try await cluster.provider().create(machine, key: Cluster.key)
            #expect(first.id == second.id)
            #expect(try await cluster.provider().observe(Self.scope).count == 1)
        }
    }
}
