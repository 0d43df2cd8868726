import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct OwnershipTests {
    private let scope = Scope(project: "shop")
    private let machine = Cluster.machine(Cluster.service(.vm))

    /// Runs `body` with one VM made, and a way to change it behind Launch's back.
    private func withMachine(
        _ body:
            @escaping @Sendable (Cluster, ProxmoxProvider, ObservedResource) async throws ->
            Void
    ) async throws {
        let machine = machine
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            try await body(
                cluster, provider, provider.create(machine, key: Cluster.key))
            #expect(cluster.faults == [])
        }
    }

    @Test func aGuestWhoseNotesWereEditedIsFoundByItsTagsAndMended() async throws {
        let (scope, machine) = (scope, machine)
        try await withMachine { cluster, provider, made in
            try cluster.change("description", to: "Ask Ann first.", of: made)
            let found = try #require(try await provider.observe(scope).first)
            #expect(found.address == machine.address)
            #expect(machine.differences(from: found) == ["owner"])
            let mended = try await provider.update(found, to: machine)
            #expect(machine.differences(from: mended) == [])
            #expect(try cluster.option("description", of: made).hasSuffix("Ask Ann first."))
        }
    }

    @Test func aGuestWhoseTagsWereTakenOffIsFollowedByTheRecord() async throws {
        let (scope, machine) = (scope, machine)
        try await withMachine { cluster, provider, made in
            try cluster.change("tags", to: "theirs", of: made)
            #expect(try await provider.observe(scope).isEmpty)
            let record = RecordedResource(
                address: made.address, id: made.id, attributes: [:], createdAt: cluster.clock.now(),
                updatedAt: cluster.clock.now())
            let recorded = Scope(project: "shop", recorded: [record])
            let found = try #require(try await provider.observe(recorded).first)
            #expect(machine.differences(from: found) == ["tags"])
            let mended = try await provider.update(found, to: machine)
            #expect(machine.differences(from: mended) == [])
            #expect(try cluster.option("tags", of: made) == "launch;launch-shop;launch-web;theirs")
        }
    }

    @Test func aGuestIsFollowedToTheNodeThatItWasMovedTo() async throws {
        let machine = machine
        try await withMachine { cluster, provider, made in
            _ = try await provider.finishBoot(of: made)
            let there = made["node"] == "pve1" ? "pve2" : "pve1"
            let id = try #require(Int(made.id))
            cluster.world.locked { $0.proxmox?.migrate(id, to: there) }
            let moved = try await provider.update(made, to: machine.with(["cpu": 3]))
            #expect(moved["node"] == .string(there))
            #expect(moved["cpu"] == 3)
            try await provider.delete(made)
            #expect(try cluster.option("name", of: made) == "")
        }
    }

    @Test func theFirewallOfAGuestWithoutAnyMarkIsNeverTouched() async throws {
        let service = Cluster.service(.vm)
        try await withMachine { cluster, provider, made in
            try cluster.change("description", to: nil, of: made)
            try cluster.change("tags", to: nil, of: made)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.create(
                    Cluster.firewall(service, of: made), key: Cluster.key)
            }
            #expect(error?.reason == .notFound)
        }
    }

    @Test func aGuestWithoutAnyMarkIsNeverTouched() async throws {
        let machine = machine
        try await withMachine { cluster, provider, made in
            try cluster.change("description", to: nil, of: made)
            try cluster.change("tags", to: nil, of: made)
            try await provider.delete(made)
            #expect(try cluster.option("name", of: made) == "web")
            let error = await #expect(throws: ProviderError.self) {
                try await provider.update(made, to: machine.with(["cpu": 7]))
            }
            #expect(error?.reason == .notFound)
            #expect(try cluster.option("cores", of: made) == "1")
        }
    }

    @Test func anIdentifierThatAnotherProjectUsesByNowIsNeverTouched() async throws {
        let machine = machine
        try await withMachine { cluster, provider, made in
            let notes = try cluster.option("description", of: made)
            let theirs = notes.replacing("launch:project=shop", with: "launch:project=other")
            #expect(theirs != notes)
            try cluster.change("description", to: theirs, of: made)
            try await provider.delete(made)
            #expect(try cluster.option("name", of: made) == "web")
            let error = await #expect(throws: ProviderError.self) {
                try await provider.update(made, to: machine.with(["cpu": 7]))
            }
            #expect(error?.reason == .notFound)
            #expect(try cluster.option("cores", of: made) == "1")
        }
    }

    @Test(arguments: [
        ("cores", "6", ["cpu"]), ("memory", "512", ["memory"]), ("onboot", "0", ["onboot"]),
        ("protection", "1", ["protect"]), ("name", "other", ["name"]), ("agent", "0", ["agent"]),
    ])
    func foreignChangesAreSeenAndUndone(
        option: String, value: String, fields: [String]
    ) async throws {
        let (scope, machine) = (scope, machine)
        try await withMachine { cluster, provider, made in
            try cluster.change(option, to: value, of: made)
            let found = try #require(try await provider.observe(scope).first)
            #expect(machine.differences(from: found) == fields)
            let mended = try await provider.update(found, to: machine)
            #expect(machine.differences(from: mended) == [])
        }
    }

    @Test func aStoppedGuestIsDriftAndIsStarted() async throws {
        let (scope, machine) = (scope, machine)
        try await withMachine { cluster, provider, made in
            let id = try #require(Int(made.id))
            cluster.world.locked { $0.proxmox?.pullPlug(of: id) }
            let found = try #require(try await provider.observe(scope).first)
            #expect(machine.differences(from: found) == ["running"])
            let mended = try await provider.update(found, to: machine)
            #expect(machine.differences(from: mended) == [])
        }
    }

    @Test func theInterfaceKeepsItsAddressAndWhatPeopleSet() async throws {
        let machine = machine
        try await withMachine { cluster, provider, made in
            let before = NetworkInterface(try cluster.option("net0", of: made))
            try cluster.change("net0", to: before.text + ",tag=20", of: made)
            _ = try await provider.update(made, to: machine.with(["bridge": "vmbr1"]))
            let after = NetworkInterface(try cluster.option("net0", of: made))
            #expect(after["virtio"] == before["virtio"])
            #expect(after["tag"] == "20")
            #expect(after["bridge"] == "vmbr1")
        }
    }

    @Test func withoutTheRightToDeleteFilesTheSeedIsBlanked() async throws {
        try await withMachine { cluster, provider, made in
            cluster.world.locked { $0.proxmox?.revoked = ["Datastore.Allocate"] }
            let booted = try await provider.finishBoot(of: made)
            #expect(!provider.awaitsBoot(booted))
            #expect(cluster.guestInventory["proxmox iso"] == 1)
            #expect(try cluster.option("ide2", of: made) == "none,media=cdrom")
        }
    }
}

extension Cluster {
    func option(_ name: String, of machine: ObservedResource) throws -> String {
        let id = try #require(Int(machine.id))
        return world.locked { $0.proxmox?.configuration(of: id)?[name] } ?? ""
    }

    func change(_ option: String, to value: String?, of machine: ObservedResource) throws {
        let id = try #require(Int(machine.id))
        world.locked { $0.proxmox?.change(option, to: value, of: id) }
    }
}
