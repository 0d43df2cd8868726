import Resources
import Services
import TestSupport
import Testing

@testable import Proxmox
@testable import Simulation

/// What people made by hand becomes a service's own, and what is a service's becomes another's.
@Suite struct AdoptionTests {
    private static let web = Cluster.service(.vm)

    /// Runs `body` with a VM and its firewall made, and checks every request.
    private func withGuest(
        _ body:
            @escaping @Sendable (Cluster, ProxmoxProvider, ObservedResource) async throws -> Void
    ) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let made = try await provider.create(Cluster.machine(Self.web), key: Cluster.key)
            _ = try await provider.create(
                Cluster.firewall(Self.web, of: made), key: IdempotencyKey("shop-2"))
            try await body(cluster, provider, made)
            #expect(cluster.faults == [])
        }
    }

    private static func letGo(
        _ made: ObservedResource, _ provider: ProxmoxProvider
    ) async throws {
        for object in try await provider.observe(Cluster.scope).reversed()
        where object.address.kind.name == "firewall" {
            try await provider.release(object)
        }
        try await provider.release(made)
    }

    @Test(arguments: ["", "pve1/", "qemu/"])
    func notesAndTagsOfPeopleStay(prefix: String) async throws {
        try await withGuest { cluster, provider, made in
            let notes = try cluster.option("description", of: made)
            try cluster.change("description", to: notes + "\nAsk Ann first.", of: made)
            try cluster.change("tags", to: "launch;launch-shop;launch-web;theirs", of: made)
            try await Self.letGo(made, provider)
            #expect(try await provider.observe(Cluster.scope) == [])
            #expect(try cluster.option("description", of: made) == "Ask Ann first.")
            #expect(try cluster.option("tags", of: made) == "theirs")

            let machine = Cluster.machine(Self.web)
            try await provider.adopt(prefix + made.id, as: machine)
            let found = try await provider.observe(Cluster.scope)
            #expect(machine.differences(from: found.first { $0.address == machine.address }) == [])
            #expect(try cluster.option("description", of: made).hasSuffix("Ask Ann first."))
            #expect(try cluster.option("tags", of: made) == "launch;launch-shop;launch-web;theirs")
        }
    }

    /// Its rules stay in force all the while, first without comments and then with them.
    @Test func aFirewallComesWithItsGuest() async throws {
        try await withGuest { cluster, provider, made in
            let rules = try cluster.rules(of: made).map(\.options)
            try await Self.letGo(made, provider)
            #expect(try cluster.rules(of: made).map(\.options) == rules)
            #expect(try cluster.rules(of: made).allSatisfy { $0.comment.isEmpty })

            let firewall = Cluster.firewall(Self.web, of: made)
            let early = await #expect(throws: ProviderError.self) {
                try await provider.adopt(made.id, as: firewall)
            }
            #expect(early?.reason == .conflict)
            #expect(early?.remedy == "Adopt the guest first, then its firewall.")
            try await provider.adopt(made.id, as: Cluster.machine(Self.web))
            try await provider.adopt(made.id, as: firewall)
            let found = try await provider.observe(Cluster.scope).first {
                $0.address == firewall.address
            }
            #expect(firewall.differences(from: found) == [])
            #expect(try cluster.rules(of: made).map(\.options) == rules)
        }
    }

    @Test func aRenamedServiceKeepsItsGuestAndItsFirewall() async throws {
        try await withGuest { cluster, provider, made in
            let rules = try cluster.rules(of: made).map(\.options)
            let store = Cluster.service(.vm, "store")
            let (machine, firewall) = (
                Cluster.machine(store), Cluster.firewall(store, of: made)
            )
            let conflict = await #expect(throws: ProviderError.self) {
                try await provider.adopt(made.id, as: machine)
            }
            #expect(conflict?.reason == .conflict)
            #expect(conflict?.detail == "it belongs to web/proxmox.vm of the project shop")
            var guest = made
            for _ in 1...2 { guest = try await provider.update(guest, to: machine) }
            let found = try await provider.observe(Cluster.scope)
            #expect(found.map(\.address.service) == ["store", "store"])
            #expect(machine.differences(from: found.first { $0.address == machine.address }) == [])
            #expect(
                firewall.differences(from: found.first { $0.address == firewall.address }) == [])
            #expect(try cluster.rules(of: made).map(\.options) == rules)
        }
    }

    @Test(arguments: [("900", ProviderError.Reason.notFound), ("web", .invalid)])
    func whatIsNoGuestIsRefused(id: String, reason: ProviderError.Reason) async throws {
        try await withGuest { _, provider, _ in
            let error = await #expect(throws: ProviderError.self) {
                try await provider.adopt(id, as: Cluster.machine(Self.web))
            }
            #expect(error?.reason == reason)
        }
    }

    @Test func anotherProjectsGuestStaysItsOwn() async throws {
        try await withGuest { cluster, provider, made in
            try cluster.change(
                "tags", to: "launch;launch-other;launch-web", of: made)
            try cluster.change("description", to: nil, of: made)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.adopt(made.id, as: Cluster.machine(Self.web))
            }
            #expect(error?.reason == .conflict)
            try await provider.release(made)
            #expect(try cluster.option("tags", of: made) == "launch;launch-other;launch-web")
        }
    }

    @Test func onlyWhatIsNobodysIsFoundByItsName() async throws {
        try await withGuest { cluster, provider, made in
            let machine = Cluster.machine(Self.web)
            #expect(try await provider.lookalikes(of: [machine]) == [])
            try await provider.release(made)
            #expect(
                try await provider.lookalikes(of: [machine]) == [
                    Lookalike(machine.address, id: made.id, name: "web")
                ])
        }
    }
}

extension Cluster {
    fileprivate func rules(of guest: ObservedResource) throws -> [FirewallRule] {
        let id = try #require(Int(guest.id))
        let rows = world.locked { $0.proxmox?.guests[id]?.firewall.rules } ?? []
        return rows.map { FirewallRule(.object($0.mapValues(Value.string))) }
    }
}
